package caravan.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.messaging.TraceContext;
import caravan.notification.Claim.Settled;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.TracerProvider;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Without servers: what the sender does when it is told to stop. */
class ConfirmationSenderTest {

    private final Vertx vertx = Vertx.vertx();
    private final NotificationConfig config = new SmallRyeConfigBuilder()
            .withMapping(NotificationConfig.class)
            .withConverter(Duration.class, 200, new DurationConverter())
            .build()
            .getConfigMapping(NotificationConfig.class);
    private final Queue<Claim> pending = new ConcurrentLinkedQueue<>();
    private final List<UUID> begun = new CopyOnWriteArrayList<>();
    private final List<Settled> settled = new CopyOnWriteArrayList<>();

    /** A table in memory that gives two rows at a time. */
    private final class Rows extends SendingStore {
        Rows() {
            super(Pool.newInstance(PgBuilder.pool()
                    .connectingTo(new PgConnectOptions())
                    .using(vertx.getDelegate())
                    .build()));
        }

        @Override
        Uni<List<Claim>> claim(int limit, Duration lease) {
            return Uni.createFrom()
                    .item(() -> Stream.generate(pending::poll)
                            .limit(2)
                            .takeWhile(claim -> claim != null)
                            .toList());
        }

        @Override
        Uni<Void> settle(List<Settled> ended) {
            settled.addAll(ended);
            return Uni.createFrom().voidItem();
        }
    }

    /** A server that takes its time. */
    private final class Slow extends Smtp {
        Slow() {
            super(vertx, config);
        }

        @Override
        Uni<Outcome> send(Letter letter) {
            begun.add(letter.orderId());
            return Uni.createFrom()
                    .<Outcome>item(new Outcome.Accepted())
                    .onItem()
                    .delayIt()
                    .by(Duration.ofMillis(300));
        }
    }

    @AfterEach
    void close() {
        vertx.closeAndAwait();
    }

    @Test
    void finishesWhatIsOnItsWayAndTakesNothingNewWhenItStops() throws Exception {
        NotificationMetrics metrics = new NotificationMetrics(new SimpleMeterRegistry());
        ConfirmationSender sender = new ConfirmationSender(
                new Rows(), new Slow(), metrics, config, TracerProvider.noop().get("test"), vertx.getDelegate());
        Stream.generate(UUID::randomUUID)
                .limit(10)
                .map(order -> new Claim(1, Confirmations.to(order, Confirmations.address(order)), TraceContext.NONE))
                .forEach(pending::add);
        sender.wake();
        await().until(() -> begun.size() == 2);

        sender.stop(new ShutdownEvent());

        assertThat(settled).extracting(Settled::verdict).containsExactly(new Verdict.Sent(), new Verdict.Sent());
        assertThat(pending).hasSize(8);
    }

    @Test
    void stopsAtOnceWhenNothingIsOnItsWay() throws Exception {
        NotificationMetrics metrics = new NotificationMetrics(new SimpleMeterRegistry());
        ConfirmationSender sender = new ConfirmationSender(
                new Rows(), new Slow(), metrics, config, TracerProvider.noop().get("test"), vertx.getDelegate());

        long before = System.nanoTime();
        sender.stop(new ShutdownEvent());

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }
}
