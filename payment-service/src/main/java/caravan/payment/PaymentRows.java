package caravan.payment;

import caravan.common.contract.Money;
import caravan.common.messaging.Direction;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.TraceContext;
import caravan.payment.Payment.Books;
import caravan.payment.Payment.State;
import caravan.payment.Payment.Tries;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Payments as rows of the table, and back. */
final class PaymentRows {

    private PaymentRows() {}

    static Payment read(Row row) {
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
    static Tuple forInsert(List<Payment> payments, Instant now) {
        return Tuple.tuple()
                .addArrayOfUUID(column(payments, Payment::orderId, UUID[]::new))
                .addArrayOfUUID(column(payments, p -> p.charge().sagaId(), UUID[]::new))
                .addArrayOfString(column(payments, p -> p.charge().step(), String[]::new))
                .addArrayOfString(column(payments, p -> p.state().name(), String[]::new))
                .addArrayOfLong(column(payments, p -> p.amount().amountMinor(), Long[]::new))
                .addArrayOfString(column(payments, p -> p.amount().currency(), String[]::new))
                .addArrayOfString(column(payments, PaymentRows::token, String[]::new))
                .addArrayOfString(column(payments, p -> p.trace().traceparent(), String[]::new))
                .addArrayOfString(column(payments, p -> p.trace().tracestate(), String[]::new))
                .addArrayOfString(column(payments, p -> p.trace().baggage(), String[]::new))
                .addOffsetDateTime(time(now));
    }

    /** What changes in a payment's life, in the order of the update. */
    static Tuple forUpdate(List<Payment> payments) {
        return Tuple.tuple()
                .addArrayOfUUID(column(payments, Payment::orderId, UUID[]::new))
                .addArrayOfString(column(payments, p -> p.state().name(), String[]::new))
                .addArrayOfLong(column(payments, p -> p.books().capturedMinor(), Long[]::new))
                .addArrayOfLong(column(payments, p -> p.books().refundedMinor(), Long[]::new))
                .addArrayOfString(column(payments, p -> p.books().chargeId(), String[]::new))
                .addArrayOfString(column(payments, PaymentRows::token, String[]::new))
                .addArrayOfInteger(column(payments, p -> p.tries().made(), Integer[]::new))
                .addArrayOfBoolean(column(payments, p -> p.tries().suspect(), Boolean[]::new))
                .addArrayOfOffsetDateTime(column(payments, p -> orNull(p.tries().next()), OffsetDateTime[]::new))
                .addArrayOfOffsetDateTime(column(payments, p -> orNull(p.tries().leasedUntil()), OffsetDateTime[]::new))
                .addArrayOfString(column(payments, PaymentRows::refunds, String[]::new));
    }

    static OffsetDateTime time(Instant instant) {
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
