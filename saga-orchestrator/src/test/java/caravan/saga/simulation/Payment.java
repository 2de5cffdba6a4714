package caravan.saga.simulation;

import caravan.common.contract.Money;
import caravan.common.messaging.MessageId;
import caravan.saga.simulation.CardNetwork.Call;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One payment as payment-service keeps it: an intent first, the card network after the commit.
 *
 * @param made how often the network may have been asked; counted before the call
 * @param nextMs when to ask (again)
 * @param leasedUntilMs somebody is at it until then
 */
record Payment(
        UUID orderId,
        MessageId charge,
        Money amount,
        boolean declines,
        State state,
        int made,
        long nextMs,
        long leasedUntilMs,
        Set<MessageId> refunds) {

    enum State {
        REQUESTED(Call.CHARGE),
        CAPTURED(null),
        DECLINED(null),
        CANCELLED(null),
        REFUND_REQUESTED(Call.REVERSAL),
        REFUNDED(null);

        private final @Nullable Call call;

        State(@Nullable Call call) {
            this.call = call;
        }

        @Nullable
        Call call() {
            return call;
        }
    }

    Payment {
        // Not Set.copyOf: its order differs from one JVM to the next.
        refunds = Collections.unmodifiableSet(new LinkedHashSet<>(refunds));
    }

    static Payment requested(UUID orderId, MessageId charge, Money amount, boolean declines, long nowMs) {
        return new Payment(orderId, charge, amount, declines, State.REQUESTED, 0, nowMs, 0, Set.of());
    }

    boolean isDue(long nowMs) {
        return state.call() != null && nextMs <= nowMs && leasedUntilMs <= nowMs;
    }

    long dueMs() {
        return Math.max(nextMs, leasedUntilMs);
    }

    Payment taken(long untilMs) {
        return new Payment(orderId, charge, amount, declines, state, made + 1, nextMs, untilMs, refunds);
    }

    Payment again(long atMs) {
        return new Payment(orderId, charge, amount, declines, state, made, atMs, 0, refunds);
    }

    Payment to(State next) {
        Set<MessageId> waiting = next == State.REFUNDED ? Set.of() : refunds;
        return new Payment(orderId, charge, amount, declines, next, made, nextMs, 0, waiting);
    }

    /** The money is to go back, or never to be taken. */
    Payment refundWanted(MessageId command, long nowMs) {
        Set<MessageId> waiting = new LinkedHashSet<>(refunds);
        waiting.add(command);
        return switch (state) {
            case REQUESTED -> made == 0 ? to(State.CANCELLED) : goingBack(waiting, nowMs);
            case CAPTURED -> goingBack(waiting, nowMs);
            case REFUND_REQUESTED ->
                new Payment(orderId, charge, amount, declines, state, made, nextMs, leasedUntilMs, waiting);
            case DECLINED, CANCELLED, REFUNDED -> this;
        };
    }

    Payment goingBack(Set<MessageId> waiting, long nowMs) {
        return new Payment(orderId, charge, amount, declines, State.REFUND_REQUESTED, made, nowMs, 0, waiting);
    }
}
