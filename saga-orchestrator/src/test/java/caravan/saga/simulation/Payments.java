package caravan.saga.simulation;

import caravan.common.contract.Command;
import caravan.common.contract.PaymentCommand;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.Reply;
import caravan.common.messaging.Answer;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.Received;
import caravan.saga.simulation.Payment.State;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Payment: intents on record, which the cashier takes to the card network. */
final class Payments implements Books {

    static final String DECLINED_CARD = "tok_declined";

    private final World world;
    private final Effects effects;
    private Map<UUID, Payment> payments = new HashMap<>();
    private @Nullable Cashier cashier;

    Payments(World world, Effects effects) {
        this.world = world;
        this.effects = effects;
    }

    void servedBy(Cashier theCashier) {
        cashier = theCashier;
    }

    @Override
    public Answer act(Received<Command> command) {
        return switch ((PaymentCommand) command.message()) {
            case ChargePayment charge -> {
                if (payments.containsKey(charge.orderId()) && !world.has(Bug.NEW_ID_ON_RESEND)) {
                    throw new IllegalStateException("duplicate key: payments_pk " + charge.orderId());
                }
                boolean declines = charge.cardToken().equals(DECLINED_CARD);
                put(Payment.requested(charge.orderId(), command.commandId(), charge.amount(), declines, world.nowMs()));
                yield new Answer.Later();
            }
            case RefundPayment refund -> refund(command.commandId(), refund.orderId());
        };
    }

    @Override
    public Answer undo(Received<Command> command) {
        return refund(command.commandId(), command.message().orderId());
    }

    private Answer refund(MessageId id, UUID orderId) {
        Payment payment = payments.get(orderId);
        // An undo takes back its own action, not what another saga charged.
        if (payment == null || (id.isUndo() && !payment.charge().equals(id.action()))) {
            return refunded(id);
        }
        Payment after = payment.refundWanted(id, world.nowMs());
        put(after);
        return after.state() == State.REFUND_REQUESTED ? new Answer.Later() : refunded(id);
    }

    private Answer refunded(MessageId id) {
        tellDone(id);
        return Answer.now(new Reply.PaymentRefunded());
    }

    void tellDone(MessageId refund) {
        if (refund.isUndo()) {
            effects.undone(refund);
        } else {
            effects.acted(refund);
        }
    }

    void put(Payment payment) {
        payments.put(payment.orderId(), payment);
    }

    Payment of(UUID orderId) {
        return Objects.requireNonNull(payments.get(orderId), "no payment");
    }

    Collection<Payment> all() {
        return payments.values();
    }

    @Override
    public Runnable remembered() {
        Map<UUID, Payment> then = new HashMap<>(payments);
        return () -> payments = then;
    }

    @Override
    public void committed(Node node) {
        if (cashier != null) {
            cashier.wake(node);
        }
    }

    /** By hand: the money goes back, whatever was asked for. */
    void giveBack(UUID orderId) {
        Payment payment = payments.get(orderId);
        if (payment != null && cashier != null) {
            put(payment.goingBack(payment.refunds(), world.nowMs()));
            cashier.watch();
        }
    }
}
