package caravan.gateway.session;

import caravan.common.auth.Scope;
import caravan.common.http.ProblemException;
import caravan.gateway.session.account.AccountStore;
import caravan.gateway.session.account.ApiClient;
import caravan.gateway.session.account.Registration;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;
import org.jboss.logging.Logger;

/** Makes the accounts that the configuration names, unless they are there. Several gateways may start at once. */
@Singleton
class Bootstrap {

    private static final Logger LOG = Logger.getLogger(Bootstrap.class);

    private static final Set<Scope> OPERATOR = EnumSet.of(Scope.ORDERS_READ, Scope.CATALOG_WRITE, Scope.OPS);
    private static final Set<Scope> CLIENT = EnumSet.of(Scope.ORDERS_READ, Scope.ORDERS_WRITE);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHORTEST_SECRET = 32;

    private final Logins logins;
    private final AccountStore accounts;
    private final BootstrapConfig config;
    private final InstantSource clock;

    Bootstrap(Logins logins, AccountStore accounts, BootstrapConfig config, InstantSource clock) {
        this.logins = logins;
        this.accounts = accounts;
        this.config = config;
        this.clock = clock;
    }

    void start(@Observes @Priority(100) StartupEvent event) {
        config.customer().ifPresent(person -> await(add(person, Logins.CUSTOMER)));
        config.operator().ifPresent(person -> await(add(person, OPERATOR)));
        config.client().ifPresent(client -> await(add(client)));
    }

    private Uni<Void> add(BootstrapConfig.Person person, Set<Scope> scopes) {
        return accounts.account(person.email())
                .chain(found -> found.isPresent()
                        ? Uni.createFrom().voidItem()
                        : logins.register(checked(person), scopes)
                                .invoke(made -> LOG.infof("account %s: %s", person.email(), made.isPresent()))
                                .replaceWithVoid());
    }

    private static Registration.Checked checked(BootstrapConfig.Person person) {
        try {
            return new Registration(person.email(), person.password(), person.name()).check();
        } catch (ProblemException e) {
            throw new IllegalStateException("caravan.gateway.bootstrap, " + person.email() + ": " + e.errors(), e);
        }
    }

    private Uni<Boolean> add(BootstrapConfig.Client client) {
        if (client.secret().length() < SHORTEST_SECRET) {
            throw new IllegalStateException("caravan.gateway.bootstrap.client.secret must be 256 random bits as text");
        }
        return accounts.add(new ApiClient(
                client.id(),
                client.name().orElse("API client"),
                client.email(),
                client.secret(),
                CLIENT,
                clock.instant()));
    }

    private static void await(Uni<?> work) {
        work.await().atMost(PATIENCE);
    }
}
