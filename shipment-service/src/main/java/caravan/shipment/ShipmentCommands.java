package caravan.shipment;

import caravan.common.contract.MessageTypes;
import caravan.common.contract.ShipmentCommand;
import caravan.common.messaging.Intake;
import caravan.common.messaging.Messaging;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Kafka edge: a polled batch in, replies out, then the offsets. */
@Singleton
class ShipmentCommands {

    private final Intake<ShipmentCommand> intake;

    ShipmentCommands(Messaging messaging, ShipmentStore store) {
        this.intake = messaging.participant(MessageTypes.SHIPMENT_COMMANDS, store);
    }

    @Incoming("shipment-commands")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return intake.accept(records);
    }
}
