package caravan.payment;

import caravan.common.contract.PaymentCommand;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.Reply;
import caravan.common.messaging.Answer;
import caravan.common.messaging.Inbox;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outbox;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Participant;
import caravan.common.messaging.Received;
import caravan.payment.CardNetwork.Call;
import caravan.payment.CardNetwork.Outcome;
import caravan.payment.Payment.Change;
import caravan.payment.Payment.State;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Payments in the database. Rows are locked in the order of their ids, or taken where they are free: nobody waits for
 * somebody who waits.
 */
@Singleton
class PaymentStore implements Participant<PaymentCommand> {

    /** What the network said about a payment. */
    record Finding(UUID orderId, Call call, Outcome outcome, Instant retryAt) {}

    private static final String INSERT = """
            insert into payments (order_id, charge_saga_id, charge_step, state, amount_minor, currency, card_token,
                traceparent, tracestate, baggage, next_try_at, requested_at)
            select k.*, $11::timestamptz, $11::timestamptz
            from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[],
                $8::text[], $9::text[], $10::text[]) as k""";

    private static final String LOCK = "select * from payments where order_id = any($1) order by order_id for update";

    private static final String UPDATE = """
            update payments p set state = k.state, captured_minor = k.captured_minor, refunded_minor = k.refunded_minor,
                network_charge_id = k.network_charge_id, card_token = k.card_token, attempts = k.attempts,
                suspect = k.suspect, next_try_at = k.next_try_at, leased_until = k.leased_until,
                refund_commands = string_to_array(k.refund_commands, ',')
            from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::int[], $8::bool[],
                $9::timestamptz[], $10::timestamptz[], $11::text[])
              as k (order_id, state, captured_minor, refunded_minor, network_charge_id, card_token, attempts, suspect,
                next_try_at, leased_until, refund_commands)
            where p.order_id = k.order_id""";

    private static final String TAKE = """
            with due as materialized (
              select order_id from payments
              where state in ('REQUESTED', 'QUEUED', 'REFUND_REQUESTED') and suspect = $1
                and next_try_at <= $2 and (leased_until is null or leased_until <= $2)
              order by next_try_at limit $3 for update skip locked)
            update payments p set attempts = attempts + 1, leased_until = $4
            from due where p.order_id = due.order_id
            returning p.*""";

    private static final String FIND_DUE = """
            select * from payments
            where state in ('REQUESTED', 'QUEUED', 'REFUND_REQUESTED')
              and next_try_at <= $1 and (leased_until is null or leased_until <= $1)
            order by next_try_at limit $2 for update skip locked""";

    private static final String COUNT = """
            select state, count(*) from payments
            where state in ('REQUESTED', 'QUEUED', 'REFUND_REQUESTED') group by state""";

    private final Pool pool;
    private final Messaging messaging;
    private final InstantSource clock = InstantSource.system();

    PaymentStore(Pool pool, Messaging messaging) {
        this.pool = pool;
        this.messaging = messaging;
    }

    @Override
    public Uni<Void> lock(
            SqlConnection tx, List<Received<PaymentCommand>> actions, List<Received<PaymentCommand>> undos) {
        UUID[] ids = Stream.concat(actions.stream(), undos.stream())
                .map(Received::message)
                .filter(RefundPayment.class::isInstance)
                .map(PaymentCommand::orderId)
                .toArray(UUID[]::new);
        return lock(tx, ids).replaceWithVoid();
    }

    @Override
    public Uni<List<Answer>> act(SqlConnection tx, List<Received<PaymentCommand>> actions) {
        Instant now = clock.instant();
        List<Payment> fresh = new ArrayList<>();
        List<Received<PaymentCommand>> refunds = new ArrayList<>();
        for (Received<PaymentCommand> action : actions) {
            switch (action.message()) {
                case ChargePayment charge ->
                    fresh.add(Payment.requested(
                            action.commandId(), charge, action.envelope().trace(), now));
                // The refund of another saga: an order that is cancelled after it was approved.
                case RefundPayment _ -> refunds.add(action);
            }
        }
        return insert(tx, fresh, now).chain(() -> refund(tx, refunds, now)).map(answers -> inOrder(actions, answers));
    }

    @Override
    public Uni<List<Answer>> undo(SqlConnection tx, List<Received<PaymentCommand>> undos) {
        return refund(tx, undos, clock.instant()).map(answers -> inOrder(undos, answers));
    }

    private static List<Answer> inOrder(List<Received<PaymentCommand>> commands, Map<MessageId, Answer> answers) {
        return commands.stream()
                .map(command -> answers.getOrDefault(command.commandId(), new Answer.Later()))
                .toList();
    }

    /** Takes due payments for this process; the try is counted before it is made. */
    Uni<List<Payment>> take(boolean suspects, int most, Instant now, Instant leasedUntil) {
        Tuple values = Tuple.of(suspects, PaymentRows.time(now), most, PaymentRows.time(leasedUntil));
        return pool.preparedQuery(TAKE).execute(values).map(PaymentStore::payments);
    }

    /** Records findings and the replies that follow, in one transaction; gives the payments as they are then. */
    Uni<List<Payment>> record(List<Finding> findings) {
        UUID[] ids = findings.stream().map(Finding::orderId).toArray(UUID[]::new);
        return pool.withTransaction(tx -> lock(tx, ids).chain(found -> {
            Map<UUID, Payment> now = new LinkedHashMap<>(found);
            List<Change> changes = new ArrayList<>();
            for (Finding finding : findings) {
                Payment payment = Objects.requireNonNull(now.get(finding.orderId()), "the payment is gone");
                Change change = payment.after(finding.call(), finding.outcome(), finding.retryAt());
                now.put(finding.orderId(), change.payment());
                changes.add(change);
            }
            return save(tx, found, changes)
                    .map(_ -> changes.stream().map(Change::payment).toList());
        }));
    }

    /** Queues what is due while nobody can be asked; gives how many. */
    Uni<Integer> putOff(int most, Instant now, Function<Payment, Instant> until) {
        Tuple values = Tuple.of(PaymentRows.time(now), most);
        return pool.withTransaction(tx -> tx.preparedQuery(FIND_DUE)
                .execute(values)
                .chain(rows -> {
                    List<Payment> due = payments(rows);
                    List<Change> changes = due.stream()
                            .map(payment -> payment.putOff(until.apply(payment)))
                            .toList();
                    return save(tx, byId(due), changes).map(_ -> due.size());
                }));
    }

    /** How many are open, for each state that has any. */
    Uni<Map<State, Long>> countOpen() {
        return pool.preparedQuery(COUNT).execute().map(rows -> {
            Map<State, Long> counts = new EnumMap<>(State.class);
            rows.forEach(row -> counts.put(State.valueOf(row.getString("state")), row.getLong("count")));
            return counts;
        });
    }

    /** The answers that can be given at once: where nothing is to be given back (any more). */
    private Uni<Map<MessageId, Answer>> refund(SqlConnection tx, List<Received<PaymentCommand>> commands, Instant at) {
        UUID[] ids =
                commands.stream().map(c -> c.message().orderId()).distinct().toArray(UUID[]::new);
        Map<MessageId, Answer> answers = new LinkedHashMap<>();
        List<Change> changes = new ArrayList<>();
        return lock(tx, ids).chain(found -> {
            Map<UUID, Payment> now = new LinkedHashMap<>(found);
            for (Received<PaymentCommand> command : commands) {
                MessageId id = command.commandId();
                Payment payment = now.get(command.message().orderId());
                // An undo takes back its own action, not what another saga charged.
                if (payment == null || (id.isUndo() && !payment.charge().equals(id.action()))) {
                    answers.put(id, new Answer.Now(new Reply.PaymentRefunded()));
                    continue;
                }
                Change change = payment.refund(id, at);
                now.put(payment.orderId(), change.payment());
                changes.add(change);
                if (change.payment().state() != State.REFUND_REQUESTED) {
                    answers.put(id, new Answer.Now(new Reply.PaymentRefunded()));
                }
            }
            return save(tx, found, changes).map(_ -> answers);
        });
    }

    private static Uni<Void> insert(SqlConnection tx, List<Payment> fresh, Instant due) {
        if (fresh.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        // An order that has a payment already fails here, loudly: one order, one payment.
        List<Payment> sorted =
                fresh.stream().sorted(Comparator.comparing(Payment::orderId)).toList();
        return tx.preparedQuery(INSERT)
                .execute(PaymentRows.forInsert(sorted, due))
                .replaceWithVoid();
    }

    private static Uni<Map<UUID, Payment>> lock(SqlConnection tx, UUID[] ids) {
        return ids.length == 0
                ? Uni.createFrom().item(Map.of())
                : tx.preparedQuery(LOCK).execute(Tuple.of(ids)).map(rows -> byId(payments(rows)));
    }

    /** Writes what became of {@code before}; records each final reply and hands it to the outbox. */
    private Uni<Void> save(SqlConnection tx, Map<UUID, Payment> before, List<Change> changes) {
        Map<UUID, Payment> after = new LinkedHashMap<>();
        Map<MessageId, Reply> answers = new LinkedHashMap<>();
        List<Outgoing> out = new ArrayList<>();
        for (Change change : changes) {
            after.put(change.payment().orderId(), change.payment());
            change.replies().forEach((id, reply) -> {
                if (!(reply instanceof Reply.Deferred)) {
                    answers.put(id, reply);
                }
                // The saga that is refused asked for the undo: it waits for nothing.
                if (!(reply instanceof Reply.Refused)) {
                    out.add(Outgoing.reply(
                            id, messaging.source(), change.payment().trace(), reply));
                }
            });
        }
        after.values().removeIf(payment -> payment.equals(before.get(payment.orderId())));
        Uni<Void> written = after.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.preparedQuery(UPDATE)
                        .execute(PaymentRows.forUpdate(List.copyOf(after.values())))
                        .replaceWithVoid();
        return written.chain(() -> Inbox.answer(tx, answers)).chain(() -> Outbox.add(tx, out));
    }

    private static Map<UUID, Payment> byId(Collection<Payment> payments) {
        Map<UUID, Payment> found = new LinkedHashMap<>();
        payments.forEach(payment -> found.put(payment.orderId(), payment));
        return found;
    }

    private static List<Payment> payments(RowSet<Row> rows) {
        List<Payment> payments = new ArrayList<>();
        rows.forEach(row -> payments.add(PaymentRows.read(row)));
        return payments;
    }
}
