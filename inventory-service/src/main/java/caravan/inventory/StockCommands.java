package caravan.inventory;

import caravan.common.contract.InventoryCommand;
import caravan.common.contract.MessageTypes;
import caravan.common.messaging.Intake;
import caravan.common.messaging.Messaging;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

@ApplicationScoped
class StockCommands {

    private final Intake<InventoryCommand> intake;

    StockCommands(Messaging messaging, StockStore store) {
        this.intake = messaging.participant(MessageTypes.INVENTORY_COMMANDS, store);
    }

    @Incoming("inventory-commands")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return intake.accept(records);
    }
}
