package caravan.notification;

import caravan.common.contract.MessageTypes;
import caravan.common.contract.NotificationCommand;
import caravan.common.messaging.Intake;
import caravan.common.messaging.Messaging;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Kafka edge: a polled batch in, replies out, then the sender is woken. */
@Singleton
class NotificationCommands {

    private final Intake<NotificationCommand> intake;
    private final ConfirmationSender sender;

    NotificationCommands(Messaging messaging, ConfirmationStore store, ConfirmationSender sender) {
        this.intake = messaging.participant(MessageTypes.NOTIFICATION_COMMANDS, store);
        this.sender = sender;
    }

    @Incoming("notification-commands")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return intake.accept(records).invoke(sender::wake);
    }
}
