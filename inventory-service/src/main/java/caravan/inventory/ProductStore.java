package caravan.inventory;

import caravan.common.messaging.Json;
import caravan.common.messaging.OutboxRelay;
import caravan.common.messaging.Outgoing;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.reactive.mutiny.Mutiny.Session;
import org.hibernate.reactive.mutiny.Mutiny.SessionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Edits one product in one transaction of one API, Hibernate Reactive: the outbox row goes through the same session, as a
 * native query.
 */
@Singleton
class ProductStore {

    /** What became of an edit. */
    sealed interface Edited {
        record Created(ProductView product) implements Edited {}

        record Replaced(ProductView product) implements Edited {}

        record PreconditionRequired() implements Edited {}

        record PreconditionFailed() implements Edited {}
    }

    private static final String EMPTY_SHELF = "insert into stock (sku, on_hand, updated_at) values (:sku, 0, now())";

    private static final String ON_HAND = "select on_hand from stock where sku = :sku";

    private static final String TELL =
            "insert into outbox (topic, key, envelope, body) values (:topic, :key, :envelope, :body)";

    private final SessionFactory sessions;
    private final ProductEvents events;
    private final OutboxRelay relay;

    ProductStore(SessionFactory sessions, ProductEvents events, OutboxRelay relay) {
        this.sessions = sessions;
        this.events = events;
        this.relay = relay;
    }

    /** Two that create the same product at once meet on the primary key: the second one tries again, and finds it there. */
    Uni<Edited> put(String sku, ProductEdit edit, Precondition precondition) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        return Uni.createFrom()
                .deferred(() -> sessions.withTransaction(
                        session -> session.find(Product.class, sku, LockModeType.PESSIMISTIC_WRITE)
                                .chain(found -> decide(session, sku, found, edit, precondition, now))))
                .onFailure(ConstraintViolationException.class)
                .retry()
                .atMost(1)
                .invoke(relay::wake);
    }

    private Uni<Edited> decide(
            Session session,
            String sku,
            @Nullable Product found,
            ProductEdit edit,
            Precondition precondition,
            Instant now) {
        OptionalLong version = found == null ? OptionalLong.empty() : OptionalLong.of(found.version());
        return switch (precondition.verdict(version)) {
            case CREATE -> create(session, new Product(sku, edit, now));
            case REPLACE -> replace(session, java.util.Objects.requireNonNull(found), edit, now);
            case REQUIRED -> Uni.createFrom().item(new Edited.PreconditionRequired());
            case FAILED -> Uni.createFrom().item(new Edited.PreconditionFailed());
        };
    }

    private Uni<Edited> create(Session session, Product product) {
        return session.persist(product)
                .chain(session::flush)
                .chain(() -> session.createNativeQuery(EMPTY_SHELF)
                        .setParameter("sku", product.changed().sku())
                        .executeUpdate())
                .chain(() -> tell(session, product))
                .map(_ -> new Edited.Created(product.view(0)));
    }

    private Uni<Edited> replace(Session session, Product product, ProductEdit edit, Instant now) {
        product.replace(edit, now);
        return session.flush()
                .chain(() -> tell(session, product))
                .chain(() -> session.createNativeQuery(ON_HAND, Integer.class)
                        .setParameter("sku", product.changed().sku())
                        .getSingleResult())
                .map(onHand -> new Edited.Replaced(product.view(onHand)));
    }

    private Uni<Integer> tell(Session session, Product product) {
        Outgoing message = events.of(product.changed());
        return session.createNativeQuery(TELL)
                .setParameter("topic", message.topic())
                .setParameter("key", message.key())
                .setParameter("envelope", Json.text(message.envelope()))
                .setParameter("body", message.body())
                .executeUpdate();
    }
}
