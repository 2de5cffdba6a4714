package caravan.payment;

import caravan.common.contract.Money;
import caravan.common.messaging.Direction;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.TraceContext;
import caravan.payment.Payment.Books;
import caravan.payment.Payment.State;
import caravan.payment.Payment.Tries;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The table: its statements, and payments as rows and back. Rows are locked in the order of their ids, or taken where they
 * are free: nobody waits for somebody who waits.
 */
final class PaymentTable {

    private static final String INSERT = """
            insert into payments (order_id, charge_saga_id, charge_step, state, amount_minor, currency, card_token,
                traceparent, tracestate, baggage, next_try_at, requested_at)
            select k.*, $11::timestamptz, $11::timestamptz
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[],
                $8::text[], $9::text[], $10::text[]) as k""";

    static final String LOCK = "select * from payments where order_id = any($1) order by order_id for update";

    private static final String UPDATE = """
            update payments p set state = k.state, captured_minor = k.captured_minor, refunded_minor = k.refunded_minor,
                network_charge_id = k.network_charge_id, card_token = k.card_token, attempts = k.attempts,
                suspect = k.suspect, next_try_at = k.next_try_at, leased_until = k.leased_until,
                refund_commands = string_to_array(k.refund_commands, ','), traceparent = k.traceparent
            from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::int[], $8::bool[],
                $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[])
              as k (order_id, state, captured_minor, refunded_minor, network_charge_id, card_token, attempts, suspect,
                next_try_at, leased_until, refund_commands, traceparent)
            where p.order_id = k.order_id""";

    static final String TAKE = """
            with due as materialized (
              select order_id from payments
              where state in ('REQUESTED', 'QUEUED', 'REFUND_REQUESTED') and suspect = $1
                and next_try_at <= $2 and (leased_until is null or leased_until <= $2)
              order by next_try_at limit $3 for update skip locked)
            update payments p set attempts = attempts + 1, leased_until = $4
            from due where p.order_id = due.order_id
            returning p.*""";

    static final String FIND_DUE = """
            select * from payments
            where state in ('REQUESTED', 'QUEUED', 'REFUND_REQUESTED')
              and next_try_at <= $1 and (leased_until is null or leased_until <= $1)
            order by next_try_at limit $2 for update skip locked""";

    static final String COUNT = """
            select state, count(*) from payments
            where state in ('REQUESTED', 'QUEUED', 'REFUND_REQUESTED') group by state""";

    private PaymentTable() {}

    static Uni<Void> insert(SqlConnection tx, List<Payment> fresh, Instant due) {
        if (fresh.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        // An order that has a payment already fails here, loudly: one order, one payment.
        List<Payment> sorted =
                fresh.stream().sorted(Comparator.comparing(Payment::orderId)).toList();
        return tx.preparedQuery(INSERT).execute(forInsert(sorted, due)).replaceWithVoid();
    }

    static Uni<Map<UUID, Payment>> lock(SqlConnection tx, UUID[] ids) {
        return ids.length == 0
                ? Uni.createFrom().item(Map.of())
                : tx.preparedQuery(LOCK).execute(Tuple.of(ids)).map(rows -> byId(payments(rows)));
    }

    /** Writes everything that may change. */
    static Uni<Void> update(SqlConnection tx, List<Payment> payments) {
        return payments.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery(UPDATE).execute(forUpdate(payments)).replaceWithVoid();
    }

    /** Takes due payments for this process; the try is counted before it is made. */
    static Uni<List<Payment>> take(Pool pool, boolean suspects, int most, Instant now, Instant leasedUntil) {
        Tuple values = Tuple.of(suspects, time(now), most, time(leasedUntil));
        return pool.preparedQuery(TAKE).execute(values).map(PaymentTable::payments);
    }

    /** Locks what is due and free, oldest first. */
    static Uni<List<Payment>> findDue(SqlConnection tx, int most, Instant now) {
        return tx.preparedQuery(FIND_DUE).execute(Tuple.of(time(now), most)).map(PaymentTable::payments);
    }

    /** How many are open, for each state that has any. */
    static Uni<Map<State, Long>> countOpen(Pool pool) {
        return pool.preparedQuery(COUNT).execute().map(rows -> {
            Map<State, Long> counts = new EnumMap<>(State.class);
            rows.forEach(row -> counts.put(State.valueOf(row.getString("state")), row.getLong("count")));
            return counts;
        });
    }

    static Map<UUID, Payment> byId(Collection<Payment> payments) {
        Map<UUID, Payment> found = new LinkedHashMap<>();
        payments.forEach(payment -> found.put(payment.orderId(), payment));
        return found;
    }

    private static List<Payment> payments(RowSet<Row> rows) {
        List<Payment> payments = new ArrayList<>();
        rows.forEach(row -> payments.add(read(row)));
        return payments;
    }

    private static Payment read(Row row) {
        String token = row.getString("card_token");
        return new Payment(
                row.getUUID("order_id"),
                new MessageId(row.getUUID("charge_saga_id"), row.getString("charge_step"), Direction.DO),
                new Money(row.getLong("amount_minor"), row.getString("currency")),
                token == null ? null : new CardToken(token),
                State.valueOf(row.getString("state")),
                new Books(
                        row.getLong("captured_minor"),
                        row.getLong("refunded_minor"),
                        row.getString("network_charge_id")),
                new Tries(
                        row.getInteger("attempts"),
                        row.getBoolean("suspect"),
                        instant(row.getOffsetDateTime("next_try_at")),
                        instant(row.getOffsetDateTime("leased_until"))),
                refunds(row.getArrayOfStrings("refund_commands")),
                new TraceContext(row.getString("traceparent"), row.getString("tracestate"), row.getString("baggage")));
    }

    /** The columns of the insert, in its order. */
    private static Tuple forInsert(List<Payment> payments, Instant now) {
        return Tuple.tuple()
                .addArrayOfUUID(column(payments, Payment::orderId, UUID[]::new))
                .addArrayOfUUID(column(payments, p -> p.charge().sagaId(), UUID[]::new))
                .addArrayOfString(column(payments, p -> p.charge().step(), String[]::new))
                .addArrayOfString(column(payments, p -> p.state().name(), String[]::new))
                .addArrayOfLong(column(payments, p -> p.amount().amountMinor(), Long[]::new))
                .addArrayOfString(column(payments, p -> p.amount().currency(), String[]::new))
                .addArrayOfString(column(payments, PaymentTable::token, String[]::new))
                .addArrayOfString(column(payments, p -> p.trace().traceparent(), String[]::new))
                .addArrayOfString(column(payments, p -> p.trace().tracestate(), String[]::new))
                .addArrayOfString(column(payments, p -> p.trace().baggage(), String[]::new))
                .addOffsetDateTime(time(now));
    }

    /** What changes in a payment's life, in the order of the update. */
    private static Tuple forUpdate(List<Payment> payments) {
        return Tuple.tuple()
                .addArrayOfUUID(column(payments, Payment::orderId, UUID[]::new))
                .addArrayOfString(column(payments, p -> p.state().name(), String[]::new))
                .addArrayOfLong(column(payments, p -> p.books().capturedMinor(), Long[]::new))
                .addArrayOfLong(column(payments, p -> p.books().refundedMinor(), Long[]::new))
                .addArrayOfString(column(payments, p -> p.books().chargeId(), String[]::new))
                .addArrayOfString(column(payments, PaymentTable::token, String[]::new))
                .addArrayOfInteger(column(payments, p -> p.tries().made(), Integer[]::new))
                .addArrayOfBoolean(column(payments, p -> p.tries().suspect(), Boolean[]::new))
                .addArrayOfOffsetDateTime(column(payments, p -> orNull(p.tries().next()), OffsetDateTime[]::new))
                .addArrayOfOffsetDateTime(column(payments, p -> orNull(p.tries().leasedUntil()), OffsetDateTime[]::new))
                .addArrayOfString(column(payments, PaymentTable::refunds, String[]::new))
                .addArrayOfString(column(payments, p -> p.trace().traceparent(), String[]::new));
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static <T> T[] column(List<Payment> payments, Function<Payment, @Nullable T> of, IntFunction<T[]> array) {
        return payments.stream().map(of).toArray(array);
    }

    private static @Nullable String token(Payment payment) {
        CardToken token = payment.token();
        return token == null ? null : token.value();
    }

    private static @Nullable OffsetDateTime orNull(@Nullable Instant instant) {
        return instant == null ? null : time(instant);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    /** An array in an array has no place in unnest. */
    private static String refunds(Payment payment) {
        return payment.refunds().stream().map(MessageId::toString).collect(Collectors.joining(","));
    }

    private static Set<MessageId> refunds(String[] ids) {
        return Arrays.stream(ids)
                .map(id -> MessageId.parse(id).orElseThrow(() -> new IllegalStateException("no command id: " + id)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
