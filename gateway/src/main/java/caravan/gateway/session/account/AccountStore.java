package caravan.gateway.session.account;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.reactive.mutiny.Mutiny.Session;
import org.hibernate.reactive.mutiny.Mutiny.SessionFactory;

/** Accounts and API clients, one at a time. */
@Singleton
public class AccountStore {

    private static final String BY_EMAIL = "from Account where lower(email) = :key";

    private final SessionFactory sessions;

    AccountStore(SessionFactory sessions) {
        this.sessions = sessions;
    }

    public Uni<Optional<Account>> account(String email) {
        return sessions.withSession(session -> find(session, email));
    }

    public Uni<Optional<ApiClient>> client(UUID id) {
        return sessions.withSession(session -> session.find(ApiClient.class, id).map(Optional::ofNullable));
    }

    /** False when the address is taken. Two that come at once meet on the index. */
    public Uni<Boolean> add(Account account) {
        return sessions.withTransaction(session -> find(session, account.email())
                        .chain(taken -> taken.isPresent()
                                ? Uni.createFrom().item(false)
                                : session.persist(account).chain(session::flush).replaceWith(true)))
                .onFailure(ConstraintViolationException.class)
                .recoverWithItem(false);
    }

    /** False when there is one of this id. */
    public Uni<Boolean> add(ApiClient client) {
        return sessions.withTransaction(session -> session.find(ApiClient.class, client.id())
                        .chain(taken -> taken != null
                                ? Uni.createFrom().item(false)
                                : session.persist(client).chain(session::flush).replaceWith(true)))
                .onFailure(ConstraintViolationException.class)
                .recoverWithItem(false);
    }

    private static Uni<Optional<Account>> find(Session session, String email) {
        return session.createQuery(BY_EMAIL, Account.class)
                .setParameter("key", EmailAddress.key(email))
                .getSingleResultOrNull()
                .map(Optional::ofNullable);
    }
}
