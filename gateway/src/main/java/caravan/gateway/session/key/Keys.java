package caravan.gateway.session.key;

import caravan.common.auth.KeySource;
import caravan.common.auth.TokenVerifier;
import caravan.gateway.session.key.KeyRollover.Policy;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The keys as this gateway knows them, read again every few seconds. While the database is away it goes on with those it
 * has: it can verify, and signs nothing, since whoever asks for a token is looked up first.
 */
@Singleton
public class Keys implements KeySource {

    private static final Logger LOG = Logger.getLogger(Keys.class);

    /** How long access tokens live: part of the public contract. */
    public static final Duration TOKEN_LIFE = Duration.ofMinutes(15);

    /** How long verifiers may keep the key set. */
    public static final Duration JWKS_MAX_AGE = Duration.ofMinutes(5);

    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(60);

    /** A connection that went silent must not keep new keys away. */
    private static final Duration BOUND = Duration.ofSeconds(30);

    /** From nothing: a current key, a next one; more is only ever needed after a long rest. */
    private static final int MOST_STEPS = 10;

    private final KeyStore store;
    private final KeyConfig config;
    private final Policy policy;
    private final InstantSource clock;
    private final Vertx vertx;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile @Nullable KeyRing ring;
    private long timer;

    Keys(KeyStore store, KeyConfig config, InstantSource clock, Vertx vertx) {
        this.store = store;
        this.config = config;
        this.policy = policy(config);
        this.clock = clock;
        this.vertx = vertx;
    }

    /** Before anything that signs or verifies. Without keys there is no gateway. */
    void start(@Observes @Priority(10) StartupEvent event) {
        refresh(MOST_STEPS).await().atMost(PATIENCE_AT_START);
        timer = vertx.setPeriodic(config.refreshEvery().toMillis(), _ -> tick());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    @Override
    public Future<Optional<PublicKey>> find(String kid) {
        return Future.succeededFuture(Optional.ofNullable(ring().published().get(kid)));
    }

    public SigningKey current() {
        return ring().current();
    }

    public String jwks() {
        return ring().jwks();
    }

    /** Reads the keys and does what is to be done with them now. */
    public Uni<Void> refresh() {
        return refresh(MOST_STEPS);
    }

    private Uni<Void> refresh(int mostSteps) {
        return store.all().chain(keys -> {
            keep(keys);
            boolean settled = KeyRollover.decide(
                            keys.stream().map(StoredKey::age).toList(), clock.instant(), policy)
                    .isEmpty();
            return settled || mostSteps == 0 ? Uni.createFrom().voidItem() : step().chain(() -> refresh(mostSteps - 1));
        });
    }

    private Uni<Void> step() {
        return Uni.createFrom()
                .item(Rsa::generate)
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .chain(fresh -> store.step(fresh, clock.instant(), policy));
    }

    private void keep(List<StoredKey> keys) {
        store.current(keys).ifPresent(current -> ring = KeyRing.of(current, keys));
    }

    private void tick() {
        if (running.compareAndSet(false, true)) {
            refresh()
                    .ifNoItem()
                    .after(BOUND)
                    .fail()
                    .onTermination()
                    .invoke(() -> running.set(false))
                    .subscribe()
                    .with(_ -> {}, fault -> LOG.warnf("the signing keys are not read again: %s", fault));
        }
    }

    private KeyRing ring() {
        KeyRing known = ring;
        if (known == null) {
            throw new IllegalStateException("the signing keys are not loaded yet");
        }
        return known;
    }

    private static Policy policy(KeyConfig config) {
        if (config.publishBefore().compareTo(JWKS_MAX_AGE) <= 0) {
            throw new IllegalStateException("publish-before must be longer than verifiers keep keys: " + JWKS_MAX_AGE);
        }
        Duration keepAfter = TOKEN_LIFE.plus(TokenVerifier.LEEWAY).plus(config.keepMargin());
        return new Policy(config.rotateEvery(), config.publishBefore(), keepAfter);
    }
}
