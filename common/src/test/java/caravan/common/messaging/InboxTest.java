package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.common.contract.Money;
import caravan.common.contract.PaymentCommand;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.Reply;
import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the real database. */
class InboxTest {

    private static final Money PRICE = new Money(100, "EUR");

    private final Pool pool = Servers.pool(8);
    private final Counter duplicates = new SimpleMeterRegistry().counter("duplicates");
    private final Books books = new Books();
    private final Inbox<PaymentCommand> inbox = new Inbox<>(pool, books, "test", duplicates);
    private final MessageId charge = new MessageId(UUID.randomUUID(), "charge-payment", Direction.DO);
    private final MessageId refund = new MessageId(charge.sagaId(), charge.step(), Direction.UNDO);

    /** A participant that counts what took effect. */
    private static final class Books implements Participant<PaymentCommand> {

        private boolean later;
        private boolean fails;

        @Override
        public Uni<List<Answer>> act(SqlConnection tx, List<Received<PaymentCommand>> actions) {
            return write(tx, "charge", actions)
                    .map(_ -> actions.stream()
                            .map(a -> later
                                    ? new Answer.Later()
                                    : Answer.now(new Reply.PaymentCharged(
                                            UUID.randomUUID().toString(), PRICE)))
                            .toList());
        }

        @Override
        public Uni<List<Answer>> undo(SqlConnection tx, List<Received<PaymentCommand>> undos) {
            return write(tx, "refund", undos)
                    .map(_ -> undos.stream()
                            .map(_ -> Answer.now(new Reply.PaymentRefunded()))
                            .toList());
        }

        private Uni<Void> write(SqlConnection tx, String what, List<Received<PaymentCommand>> commands) {
            UUID[] orders =
                    commands.stream().map(c -> c.message().orderId()).sorted().toArray(UUID[]::new);
            return tx.preparedQuery("insert into effects (order_id, what) select k, $2 from unnest($1::uuid[]) k")
                    .execute(Tuple.of(orders, what))
                    .invoke(() -> {
                        if (fails) {
                            throw new IllegalStateException("after the effect");
                        }
                    })
                    .replaceWithVoid();
        }
    }

    @BeforeEach
    void prepare() throws Exception {
        Servers.migrate(pool, "inbox", "/db/inbox/V0_1__inbox.sql");
        Servers.run(pool, "drop table if exists effects");
        Servers.run(pool, "create table effects (order_id uuid not null, what text not null)");
    }

    @AfterEach
    void close() {
        pool.closeAndAwait();
    }

    @Test
    void givesADuplicateTheRecordedReply() {
        List<Outgoing> first = handle(charge);

        List<Outgoing> second = handle(charge);

        assertThat(bodies(second)).isEqualTo(bodies(first)).hasSize(1);
        assertThat(second.getFirst().envelope().id()).isEqualTo(charge.replyId());
        assertThat(effects()).isEqualTo(1);
        assertThat(duplicates.count()).isEqualTo(1);
    }

    @Test
    void answersEachTwinOfABatch() {
        List<Outgoing> replies = handle(charge, charge, charge);

        assertThat(bodies(replies)).hasSize(3).containsOnly(bodies(replies).getFirst());
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void refusesAnActionThatItsUndoOvertook() {
        handle(refund);

        List<Outgoing> replies = handle(charge);

        assertThat(types(replies)).containsExactly("refused");
        assertThat(effects()).as("the refund only").isEqualTo(1);
    }

    @Test
    void refusesAnActionBehindItsUndoInOneBatch() {
        assertThat(types(handle(refund, charge))).containsExactly("payment-refunded", "refused");
    }

    @Test
    void undoesWhatTheSameBatchDid() {
        assertThat(types(handle(charge, refund))).containsExactly("payment-charged", "payment-refunded");
        assertThat(effects()).isEqualTo(2);
    }

    @Test
    void remembersNothingOfATransactionThatFailed() {
        books.fails = true;
        assertThat(failure(charge)).hasMessageContaining("after the effect");
        assertThat(Servers.count(pool, "inbox") + effects()).isZero();

        books.fails = false;

        assertThat(types(handle(charge))).containsExactly("payment-charged");
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void givesNoReplyBeforeThereIsOneAndKeepsTheFirst() {
        books.later = true;
        assertThat(handle(charge)).isEmpty();
        assertThat(handle(charge)).isEmpty();

        answer(new Reply.CardDeclined("late"));
        answer(new Reply.CardDeclined("later still"));

        assertThat(bodies(handle(charge))).containsExactly("{\"reason\":\"late\"}");
        assertThat(effects()).isEqualTo(1);
    }

    @Test
    void takesEffectOnceWhenTwoConsumersHoldTheSameBatch() {
        List<MessageId> ids = IntStream.range(0, 3_000)
                .mapToObj(_ -> new MessageId(UUID.randomUUID(), "charge-payment", Direction.DO))
                .toList();

        openTwoConnections();
        Queue<Throwable> faults = new ConcurrentLinkedQueue<>();

        List<CompletableFuture<List<Outgoing>>> both = Stream.of(ids, ids.reversed())
                .map(order -> inbox.handle(
                                order.stream().map(InboxTest::received).toList())
                        .onFailure()
                        .invoke(faults::add)
                        .onFailure()
                        .retry()
                        .atMost(5)
                        .subscribeAsCompletionStage()
                        .toCompletableFuture())
                .toList();
        List<String> one = bodies(both.get(0).join());
        List<String> other = bodies(both.get(1).join());

        assertThat(one).isEqualTo(other.reversed());
        assertThat(effects()).isEqualTo(3_000);
        assertThat(faults)
                .as("no deadlock")
                .allSatisfy(fault -> assertThat(fault).hasMessageContaining("inbox_pk"));
    }

    @Test
    void forgetsWhatCameOfTheSagasItIsToldAndNothingElse() {
        MessageId other = new MessageId(UUID.randomUUID(), "charge-payment", Direction.DO);
        handle(charge, refund, other);

        forget(charge.sagaId(), UUID.randomUUID());
        forget(charge.sagaId());

        assertThat(Servers.count(pool, "inbox")).isEqualTo(1);
        handle(other);
        assertThat(duplicates.count()).isEqualTo(1);
    }

    @Test
    void keepsWhatIsOldAsLongAsItsSagaIsNotForgotten() {
        handle(charge);
        Servers.run(pool, "update inbox set received_at = now() - interval '1 year'");

        forget(UUID.randomUUID());

        handle(charge);
        assertThat(duplicates.count()).isEqualTo(1);
    }

    @Test
    void forgetsNothingWhenWhatGoesBesidesFails() {
        handle(charge);

        assertThatThrownBy(() -> new Retention(
                                pool,
                                (tx, _) ->
                                        List.of(tx.query("select 1/0").execute().replaceWithVoid()))
                        .handle(List.of(forgotten(charge.sagaId())))
                        .await()
                        .atMost(Servers.BOUND))
                .hasMessageContaining("22012");

        assertThat(Servers.count(pool, "inbox")).isEqualTo(1);
    }

    /** So that neither consumer loses the race by having to connect first. */
    private void openTwoConnections() {
        Uni<Void> nap = pool.query("select pg_sleep(0.1)").execute().replaceWithVoid();
        Uni.join().all(nap, nap).andFailFast().await().atMost(Servers.BOUND);
    }

    private List<Outgoing> handle(MessageId... ids) {
        return inbox.handle(Stream.of(ids).map(InboxTest::received).toList())
                .await()
                .atMost(Servers.BOUND);
    }

    private void forget(UUID... sagas) {
        new Retention(pool, (_, _) -> List.of())
                .handle(Stream.of(sagas).map(InboxTest::forgotten).toList())
                .await()
                .atMost(Servers.BOUND);
    }

    private static Received<SagasForgotten> forgotten(UUID saga) {
        SagasForgotten message = new SagasForgotten(List.of(new Forgotten(saga, saga)));
        Envelope envelope =
                new Envelope("unused", "sagas-forgotten", "test", null, Instant.EPOCH, TraceContext.NONE, null);
        return new Received<>(envelope, message, new ConsumerRecord<>("saga.retention.v1", 0, 0, "key", new byte[0]));
    }

    private Throwable failure(MessageId id) {
        return inbox.handle(List.of(received(id)))
                .<Throwable>map(_ -> new AssertionError("no failure"))
                .onFailure()
                .recoverWithItem(fault -> fault)
                .await()
                .atMost(Servers.BOUND);
    }

    private void answer(Reply reply) {
        pool.withTransaction(tx -> Inbox.answer(tx, Map.of(charge, reply)))
                .await()
                .atMost(Servers.BOUND);
    }

    private long effects() {
        return Servers.count(pool, "effects");
    }

    private static List<String> bodies(List<Outgoing> replies) {
        return replies.stream()
                .map(reply -> new String(reply.body(), java.nio.charset.StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> types(List<Outgoing> replies) {
        return replies.stream().map(reply -> reply.envelope().type()).toList();
    }

    private static Received<PaymentCommand> received(MessageId id) {
        PaymentCommand command =
                id.isUndo() ? new RefundPayment(id.sagaId()) : new ChargePayment(id.sagaId(), PRICE, "tok_ok");
        Envelope envelope =
                new Envelope(id.toString(), "charge-payment", "test", null, Instant.now(), TraceContext.NONE, null);
        return new Received<>(envelope, command, new ConsumerRecord<>("payment.commands.v1", 0, 0, "key", new byte[0]));
    }
}
