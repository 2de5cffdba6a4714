package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.ShipmentCommand.CancelShipment;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the real servers. */
class OutboxRelayTest {

    private static final Tracer NOBODY = TracerProvider.noop().get("test");

    private final MessagingConfig config = Servers.config();
    private final String topic = "outbox-" + UUID.randomUUID();
    private final Pool pool = Servers.pool(4);
    private final Publisher publisher = new Publisher(config, BrokerLogin.NONE, NOBODY);

    @BeforeEach
    void prepare() throws Exception {
        Servers.migrate(pool, "outbox", "/db/outbox/V0_2__outbox.sql");
        Servers.createTopic(topic, 3);
    }

    @AfterEach
    void close() {
        publisher.close();
        pool.closeAndAwait();
    }

    @Test
    void sendsWhatWasCommittedAndDeletesIt() {
        Outgoing message = message();
        OutboxRelay relay = relay(pool, publisher);

        add(List.of(message));
        relay.wake();

        awaitEmpty();
        assertThat(Servers.all(topic)).singleElement().satisfies(record -> {
            assertThat(Servers.idOf(record)).isEqualTo(message.envelope().id());
            assertThat(record.key()).isEqualTo(message.key());
            assertThat(record.value()).isEqualTo(message.body());
            assertThat(Envelope.read(record.headers())).isEqualTo(message.envelope());
        });
    }

    @Test
    void sendsMoreThanOneBatchAfterOneWake() {
        List<Outgoing> messages = messages(1_000);
        OutboxRelay relay = relay(pool, publisher);

        add(messages);
        relay.wake();

        awaitEmpty();
        assertThat(Servers.all(topic)).hasSize(1_000);
    }

    @Test
    void sendsAgainUnderTheSameIdWhenItDiedBetweenSendAndDelete() throws Exception {
        Outgoing message = message();
        Publisher dying = new Publisher(new DyingProducer(), NOBODY);
        add(List.of(message));

        OutboxRelay relay = relay(pool, dying);
        relay.start(new StartupEvent());

        awaitEmpty();
        relay.stop();
        dying.close();
        assertThat(Servers.all(topic))
                .extracting(Servers::idOf)
                .containsExactly(message.envelope().id(), message.envelope().id());
    }

    @Test
    void sendsWhatIsThereBeforeItEnds() throws Exception {
        List<Outgoing> messages = messages(1_000);
        OutboxRelay relay = relay(pool, publisher);
        add(messages);

        relay.wake();
        relay.stop();

        assertThat(Servers.count(pool, "outbox")).isZero();
        assertThat(Servers.all(topic)).hasSize(1_000);
    }

    /** As when the broker was away for a moment, and the next look is still to come. */
    @Test
    void looksOnceMoreBeforeItEnds() throws Exception {
        OutboxRelay relay = relay(pool, publisher);
        add(messages(10));

        relay.stop();

        assertThat(Servers.count(pool, "outbox")).isZero();
        assertThat(Servers.all(topic)).hasSize(10);
    }

    @Test
    void sharesTheTableWithAnotherRelayAndSendsNothingTwice() {
        List<Outgoing> messages = messages(2_000);
        Pool otherPool = Servers.pool(4);
        OutboxRelay one = relay(pool, publisher);
        OutboxRelay other = relay(otherPool, publisher);
        add(messages);

        one.wake();
        other.wake();

        awaitEmpty();
        otherPool.closeAndAwait();
        assertThat(Servers.all(topic))
                .extracting(Servers::idOf)
                .containsExactlyInAnyOrderElementsOf(
                        messages.stream().map(m -> m.envelope().id()).toList());
    }

    @Test
    void doesNotMissACommitThatIsLateWithASmallerId() {
        Outgoing late = message();
        Outgoing early = message();
        OutboxRelay relay = relay(pool, publisher);
        SqlConnection slow = pool.getConnection().await().atMost(Servers.BOUND);
        var tx = slow.begin().await().atMost(Servers.BOUND);
        Outbox.add(slow, List.of(late)).await().atMost(Servers.BOUND);

        add(List.of(early));
        relay.wake();
        await().atMost(Servers.BOUND).until(() -> Servers.all(topic).size() == 1);
        tx.commit().await().atMost(Servers.BOUND);
        slow.close().await().atMost(Servers.BOUND);
        relay.wake();

        awaitEmpty();
        assertThat(Servers.all(topic))
                .extracting(Servers::idOf)
                .containsExactlyInAnyOrder(
                        early.envelope().id(), late.envelope().id());
    }

    @Test
    void sendsNothingOfATransactionThatWasRolledBack() {
        OutboxRelay relay = relay(pool, publisher);
        Uni<Void> doomed = pool.withTransaction(tx -> Outbox.add(tx, List.of(message()))
                .chain(() -> Uni.createFrom().failure(new IllegalStateException("no"))));
        assertThat(doomed.onFailure().recoverWithNull().await().atMost(Servers.BOUND))
                .isNull();
        Outgoing next = message();

        add(List.of(next));
        relay.wake();

        awaitEmpty();
        assertThat(Servers.all(topic))
                .extracting(Servers::idOf)
                .containsExactly(next.envelope().id());
    }

    /** Lets the first record through to the broker and kills the relay's database session before it hears of it. */
    private final class DyingProducer extends KafkaProducer<String, byte[]> {

        private final AtomicBoolean dies = new AtomicBoolean(true);

        DyingProducer() {
            super(
                    java.util.Map.of("bootstrap.servers", config.bootstrapServers(), "acks", "all"),
                    new StringSerializer(),
                    new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<String, byte[]> record, Callback callback) {
            return super.send(record, (metadata, fault) -> {
                if (dies.compareAndSet(true, false)) {
                    Pool killer = Servers.pool(1);
                    Servers.run(killer, """
                            select pg_terminate_backend(pid) from pg_stat_activity
                            where query like '%from outbox%skip locked%' and pid <> pg_backend_pid()""");
                    killer.closeAndAwait();
                }
                callback.onCompletion(metadata, fault);
            });
        }
    }

    private OutboxRelay relay(Pool of, Publisher to) {
        MessagingConfig on = Configs.with(java.util.Map.of(
                "caravan.messaging.bootstrap-servers", config.bootstrapServers(),
                "caravan.messaging.outbox", "true",
                "caravan.messaging.outbox-poll-every", "100ms"));
        return new OutboxRelay(of, to, on, Servers.VERTX.getDelegate());
    }

    private void add(List<Outgoing> messages) {
        pool.withTransaction(tx -> Outbox.add(tx, messages)).await().atMost(Servers.BOUND);
    }

    private void awaitEmpty() {
        await().atMost(Servers.BOUND).until(() -> Servers.count(pool, "outbox") == 0);
    }

    private List<Outgoing> messages(int count) {
        return IntStream.range(0, count).mapToObj(_ -> message()).toList();
    }

    private Outgoing message() {
        UUID saga = UUID.randomUUID();
        MessageId id = new MessageId(saga, "arrange-shipment", Direction.UNDO);
        TraceContext trace = new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null, null);
        return Outgoing.ofSaga(topic, saga, id.toString(), "test", trace, new CancelShipment(saga));
    }
}
