package caravan.order;

import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import caravan.common.messaging.Intake;
import caravan.common.messaging.Messaging;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Where a saga is forgotten its order stays, marked, without the keys that led to it (rule 11). */
@Singleton
class SagaRetention {

    /** Of the saga that placed it, whose id the order has: to cancel it is another's. */
    private static final String MARK =
            "update orders set forgotten_at = now() where id = any($1) and forgotten_at is null";

    /** A view that has missed all events would have its order announced again. None, as a rule. */
    private static final String STARTED =
            "update order_views set started = true where order_id = any($1) and not started";

    static final String DELETE_KEYS = "delete from idempotency_keys where order_id = any($1)";

    private final Intake<SagasForgotten> intake;

    SagaRetention(Messaging messaging) {
        this.intake = messaging.retention(SagaRetention::forget);
    }

    @Incoming("saga-retention")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return intake.accept(records);
    }

    private static List<Uni<Void>> forget(SqlConnection tx, List<Forgotten> sagas) {
        Tuple ids = Tuple.of(sagas.stream().map(Forgotten::sagaId).toArray(UUID[]::new));
        Tuple orders = Tuple.of(sagas.stream().map(Forgotten::orderId).toArray(UUID[]::new));
        return List.of(
                tx.preparedQuery(MARK).execute(ids).replaceWithVoid(),
                tx.preparedQuery(STARTED).execute(ids).replaceWithVoid(),
                tx.preparedQuery(DELETE_KEYS).execute(orders).replaceWithVoid());
    }
}
