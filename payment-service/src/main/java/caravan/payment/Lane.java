package caravan.payment;

import caravan.payment.CardNetwork.Outcome;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * Payments in hand, and the guarded way to the network they go. At most {@code calls} are asked for at a time, at most
 * {@code inHand} are taken and not recorded yet. Confined to the cashier's context.
 */
final class Lane {

    private final CardNetwork network;
    private final TypedGuard<Uni<Outcome>> guard;
    private final int calls;
    private final int inHand;
    private final Queue<Payment> waiting = new ArrayDeque<>();
    private int calling;
    private int taken;

    Lane(CardNetwork network, TypedGuard<Uni<Outcome>> guard, int calls, int inHand) {
        this.network = network;
        this.guard = guard;
        this.calls = calls;
        this.inHand = inHand;
    }

    int room() {
        return inHand - taken;
    }

    int taken() {
        return taken;
    }

    int calling() {
        return calling;
    }

    void take(Collection<Payment> payments) {
        waiting.addAll(payments);
        taken += payments.size();
    }

    /** The next one to ask for, when a call is free. */
    Optional<Payment> next() {
        if (calling >= calls || waiting.isEmpty()) {
            return Optional.empty();
        }
        calling++;
        return Optional.of(waiting.remove());
    }

    void answered() {
        calling--;
    }

    void recorded() {
        taken--;
    }

    /** Never fails. */
    Uni<Outcome> ask(Payment payment) {
        return guard.get(() -> network.ask(payment.call(), payment)).onFailure().recoverWithItem(Lane::outcomeOf);
    }

    private static Outcome outcomeOf(Throwable fault) {
        return switch (fault) {
            case CircuitBreakerOpenException _ -> new Outcome.Prevented();
            case TimeoutException _ -> new Outcome.Unanswered();
            case org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException _ -> new Outcome.Unanswered();
            default -> new Outcome.Unavailable(caravan.common.messaging.Faults.describe(fault));
        };
    }
}
