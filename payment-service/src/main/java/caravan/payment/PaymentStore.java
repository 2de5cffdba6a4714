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
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import caravan.payment.CardNetwork.Call;
import caravan.payment.CardNetwork.Outcome;
import caravan.payment.Payment.Change;
import caravan.payment.Payment.State;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/** Loads payments, has them decide, and saves what came of it with the replies: commands on one side, findings on the other. */
@Singleton
class PaymentStore implements Participant<PaymentCommand> {

    /** What the network said about a payment. */
    record Finding(UUID orderId, Call call, Outcome outcome, Instant retryAt) {}

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
        return PaymentTable.lock(tx, ids).replaceWithVoid();
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
        return PaymentTable.insert(tx, fresh, now)
                .chain(() -> refund(tx, refunds, now))
                .map(answers -> inOrder(actions, answers));
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

    /** Records findings and the replies that follow, in one transaction; gives the payments as they are then. */
    Uni<List<Payment>> record(List<Finding> findings) {
        UUID[] ids = findings.stream().map(Finding::orderId).toArray(UUID[]::new);
        return Transactions.run(
                pool,
                tx -> PaymentTable.lock(tx, ids).map(found -> {
                    Map<UUID, Payment> now = new LinkedHashMap<>(found);
                    List<Change> changes = new ArrayList<>();
                    for (Finding finding : findings) {
                        Payment payment = Objects.requireNonNull(now.get(finding.orderId()), "the payment is gone");
                        Change change = payment.after(finding.call(), finding.outcome(), finding.retryAt());
                        now.put(finding.orderId(), change.payment());
                        changes.add(change);
                    }
                    return new Writes<>(changes.stream().map(Change::payment).toList(), save(tx, found, changes));
                }));
    }

    /** Queues what is due while nobody can be asked; gives how many. */
    Uni<Integer> putOff(int most, Instant now, Function<Payment, Instant> until) {
        return Transactions.run(
                pool,
                tx -> PaymentTable.findDue(tx, most, now).map(due -> {
                    List<Change> changes = due.stream()
                            .map(payment -> payment.putOff(until.apply(payment)))
                            .toList();
                    return new Writes<>(due.size(), save(tx, PaymentTable.byId(due), changes));
                }));
    }

    /** Takes due payments for this process; the try is counted before it is made. */
    Uni<List<Payment>> take(boolean suspects, int most, Instant now, Instant leasedUntil) {
        return PaymentTable.take(pool, suspects, most, now, leasedUntil);
    }

    /** How many are open, for each state that has any. */
    Uni<Map<State, Long>> countOpen() {
        return PaymentTable.countOpen(pool);
    }

    /** The answers that can be given at once: where nothing is to be given back (any more). */
    private Uni<Map<MessageId, Answer>> refund(SqlConnection tx, List<Received<PaymentCommand>> commands, Instant at) {
        UUID[] ids =
                commands.stream().map(c -> c.message().orderId()).distinct().toArray(UUID[]::new);
        Map<MessageId, Answer> answers = new LinkedHashMap<>();
        List<Change> changes = new ArrayList<>();
        return PaymentTable.lock(tx, ids).chain(found -> {
            Map<UUID, Payment> now = new LinkedHashMap<>(found);
            for (Received<PaymentCommand> command : commands) {
                MessageId id = command.commandId();
                Payment payment = now.get(command.message().orderId());
                // An undo takes back its own action, not what another saga charged.
                if (payment == null || (id.isUndo() && !payment.charge().equals(id.action()))) {
                    answers.put(id, new Answer.Now(new Reply.PaymentRefunded()));
                    continue;
                }
                Change change = payment.because(command.envelope().trace()).refund(id, at);
                now.put(payment.orderId(), change.payment());
                changes.add(change);
                if (change.payment().state() != State.REFUND_REQUESTED) {
                    answers.put(id, new Answer.Now(new Reply.PaymentRefunded()));
                }
            }
            return Uni.join().all(save(tx, found, changes)).andFailFast().replaceWith(answers);
        });
    }

    /** What writes down what became of {@code before}, records each final reply and hands it to the outbox. */
    private List<Uni<Void>> save(SqlConnection tx, Map<UUID, Payment> before, List<Change> changes) {
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
        return List.of(
                PaymentTable.update(tx, List.copyOf(after.values())), Inbox.answer(tx, answers), Outbox.add(tx, out));
    }
}
