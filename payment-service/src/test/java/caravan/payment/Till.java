package caravan.payment;

import static org.awaitility.Awaitility.await;

import caravan.common.contract.Money;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.Reply;
import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.common.messaging.MessageId;
import caravan.fleet.testing.Backends;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the tests say and see: commands, replies, rows, and the books of the card network. */
final class Till implements AutoCloseable {

    static final String COMMANDS = Topics.PAYMENT_COMMANDS;
    static final String DEAD = Topics.deadLetters(COMMANDS);
    static final Money TWENTY = new Money(2_000, "EUR");

    static final Duration BOUND = Duration.ofSeconds(30);

    /** One order and the saga that wants it paid. */
    record Order(UUID id, UUID saga) {

        static Order fresh() {
            return new Order(UUID.randomUUID(), UUID.randomUUID());
        }

        static List<Order> fresh(int count) {
            return Stream.generate(Order::fresh).limit(count).toList();
        }

        MessageId charge() {
            return new MessageId(saga, "charge-payment", Direction.DO);
        }

        MessageId undo() {
            return new MessageId(saga, "charge-payment", Direction.UNDO);
        }
    }

    /** The books of the card network since the test began. */
    record Taken(long captures, long capturedMinor, long reversals, long refundedMinor) {}

    final Wire wire = new Wire(Topics.SAGA_REPLIES, DEAD);
    private final Pool pool;
    private final Taken before = ledger();

    Till(Pool pool) {
        this.pool = pool;
    }

    void charge(Order order, String token) {
        wire.send(COMMANDS, order.charge(), new ChargePayment(order.id(), TWENTY, token));
    }

    void undo(Order order) {
        wire.send(COMMANDS, order.undo(), new RefundPayment(order.id()));
    }

    List<Reply> replies(Order order, int atLeast) {
        return wire.replies(order.saga(), atLeast);
    }

    /** Waits for the reply that ends the command; deferrals may come before it. */
    Reply answer(Order order) {
        int heard = 1;
        while (true) {
            List<Reply> replies = replies(order, heard);
            for (Reply reply : replies) {
                if (!(reply instanceof Reply.Deferred)) {
                    return reply;
                }
            }
            heard = replies.size() + 1;
        }
    }

    /** When the first reply was recorded. */
    Instant answeredAt(Order order) {
        var reply = wire.hear(Topics.SAGA_REPLIES, order.saga().toString(), 1).getFirst();
        return Instant.parse(Wire.header(reply, "ce_time"));
    }

    Row row(Order order) {
        return pool.preparedQuery("select * from payments where order_id = $1")
                .executeAndAwait(Tuple.of(order.id()))
                .iterator()
                .next();
    }

    Row rowWhen(Order order, Predicate<Row> holds) {
        await().atMost(BOUND).until(() -> count("order_id = '" + order.id() + "'") == 1);
        return await().atMost(BOUND).until(() -> row(order), holds);
    }

    Row rowIn(Order order, Payment.State state) {
        return rowWhen(order, row -> row.getString("state").equals(state.name()));
    }

    long count(String condition) {
        return pool.query("select count(*) from payments where " + condition)
                .executeAndAwait()
                .iterator()
                .next()
                .getLong(0);
    }

    /** How many of a saga's commands the inbox knows. */
    long received(UUID saga) {
        return pool.preparedQuery("select count(*) from inbox where saga_id = $1")
                .executeAndAwait(Tuple.of(saga))
                .iterator()
                .next()
                .getLong(0);
    }

    void sql(String statement, Object... values) {
        pool.preparedQuery(statement).executeAndAwait(Tuple.from(values));
    }

    Taken taken() {
        Taken now = ledger();
        return new Taken(
                now.captures - before.captures,
                now.capturedMinor - before.capturedMinor,
                now.reversals - before.reversals,
                now.refundedMinor - before.refundedMinor);
    }

    private static Taken ledger() {
        var books = Backends.cardLedger();
        return new Taken(
                books.getLong("captures"),
                books.getLong("capturedMinor"),
                books.getLong("reversals"),
                books.getLong("refundedMinor"));
    }

    @Override
    public void close() {
        wire.close();
    }
}
