package caravan.notification;

import caravan.common.contract.NotificationCommand;
import caravan.common.messaging.TraceContext;
import java.util.UUID;

/**
 * A mail that this process alone may send, until the lease ends.
 *
 * @param attempt 1 for the first; also what tells this claim from a later one of the same row
 * @param trace of the command
 */
record Claim(int attempt, NotificationCommand command, TraceContext trace) {

    /** How the claim ended. */
    record Settled(Claim claim, Verdict verdict) {}

    UUID orderId() {
        return command.orderId();
    }

    Kind kind() {
        return Kind.of(command);
    }
}
