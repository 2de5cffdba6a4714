package caravan.saga.simulation;

import caravan.common.contract.Command;
import caravan.common.contract.NotificationCommand;
import caravan.common.contract.NotificationCommand.SendCancellation;
import caravan.common.contract.NotificationCommand.SendConfirmation;
import caravan.common.contract.Reply.CancellationSent;
import caravan.common.contract.Reply.ConfirmationSent;
import caravan.common.messaging.Answer;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Notification: how many mails of a kind each order has. */
final class Mails implements Books {

    private final Effects effects;
    private Map<UUID, Integer> confirmations = new HashMap<>();
    private Map<UUID, Integer> cancellations = new HashMap<>();

    Mails(Effects effects) {
        this.effects = effects;
    }

    @Override
    public Answer act(Received<Command> command) {
        effects.acted(command.commandId());
        return switch ((NotificationCommand) command.message()) {
            case SendConfirmation mail -> {
                confirmations.merge(mail.orderId(), 1, Integer::sum);
                yield Answer.now(new ConfirmationSent());
            }
            case SendCancellation mail -> {
                cancellations.merge(mail.orderId(), 1, Integer::sum);
                yield Answer.now(new CancellationSent());
            }
        };
    }

    @Override
    public Answer undo(Received<Command> command) {
        throw new PoisonException("a mail cannot be taken back");
    }

    int confirmations(UUID orderId) {
        return confirmations.getOrDefault(orderId, 0);
    }

    int cancellations(UUID orderId) {
        return cancellations.getOrDefault(orderId, 0);
    }

    @Override
    public Runnable remembered() {
        Map<UUID, Integer> confirmationsThen = new HashMap<>(confirmations);
        Map<UUID, Integer> cancellationsThen = new HashMap<>(cancellations);
        return () -> {
            confirmations = confirmationsThen;
            cancellations = cancellationsThen;
        };
    }
}
