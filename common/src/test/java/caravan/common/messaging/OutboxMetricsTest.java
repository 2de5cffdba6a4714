package caravan.common.messaging;

import static org.awaitility.Awaitility.await;

import caravan.common.contract.ShipmentCommand.CancelShipment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the real PostgreSQL. */
class OutboxMetricsTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Pool pool = Servers.pool(2);
    private final OutboxMetrics metrics = new OutboxMetrics(Configs.with(Map.of("caravan.messaging.outbox", "true")));

    @BeforeEach
    void prepare() throws Exception {
        Servers.migrate(pool, "outbox", "/db/outbox/V0_2__outbox.sql");
    }

    @AfterEach
    void close() {
        pool.closeAndAwait();
    }

    @Test
    void saysHowManyWaitAndForHowLong() {
        metrics.start(new StartupEvent(), meters, pool, Servers.VERTX.getDelegate());
        await().atMost(Servers.BOUND).until(() -> depth() == 0 && age() == 0);

        add(Instant.now().minusSeconds(90));
        add(Instant.now());

        await().atMost(Servers.BOUND).until(() -> depth() == 2 && age() >= 90 && age() < 150);
    }

    @Test
    void saysNoNumberWhileTheTableCannotBeRead() {
        metrics.start(new StartupEvent(), meters, pool, Servers.VERTX.getDelegate());
        await().atMost(Servers.BOUND).until(() -> depth() == 0);

        Servers.run(pool, "alter table outbox rename to outbox_away");

        await().atMost(Servers.BOUND).until(() -> Double.isNaN(depth()) && Double.isNaN(age()));
        Servers.run(pool, "drop table outbox_away");
    }

    private void add(Instant at) {
        UUID saga = UUID.randomUUID();
        Outgoing message = Outgoing.ofSaga(
                        "topic", saga, saga + ":a:do", "test", TraceContext.NONE, new CancelShipment(saga))
                .at(at);
        pool.withTransaction(tx -> Outbox.add(tx, List.of(message))).await().atMost(Servers.BOUND);
    }

    private double depth() {
        return meters.get("outbox.depth").gauge().value();
    }

    private double age() {
        return meters.get("outbox.oldest.age").gauge().value();
    }
}
