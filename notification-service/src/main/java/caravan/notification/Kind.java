package caravan.notification;

import caravan.common.contract.NotificationCommand;
import caravan.common.contract.NotificationCommand.SendCancellation;
import caravan.common.contract.NotificationCommand.SendConfirmation;
import caravan.common.contract.Reply;
import caravan.common.messaging.Json;

/** What a mail tells; an order has at most one of each. */
enum Kind {
    CONFIRMATION(SendConfirmation.class),
    CANCELLATION(SendCancellation.class);

    private final Class<? extends NotificationCommand> command;

    Kind(Class<? extends NotificationCommand> command) {
        this.command = command;
    }

    static Kind of(NotificationCommand command) {
        return switch (command) {
            case SendConfirmation _ -> CONFIRMATION;
            case SendCancellation _ -> CANCELLATION;
        };
    }

    /** The command as the table holds it. */
    NotificationCommand read(String content) {
        return Json.read(content, command);
    }

    Reply recorded() {
        return switch (this) {
            case CONFIRMATION -> new Reply.ConfirmationSent();
            case CANCELLATION -> new Reply.CancellationSent();
        };
    }
}
