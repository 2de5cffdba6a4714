package caravan.order;

import caravan.common.contract.MessageTypes;
import caravan.common.contract.OrderCommand;
import caravan.common.messaging.Intake;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.OutboxRelay;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The saga says how an order ends. */
@Singleton
class OrderCommands {

    private final Intake<OrderCommand> intake;
    private final OrderStore store;
    private final OutboxRelay relay;

    OrderCommands(Messaging messaging, OrderStore store, OutboxRelay relay) {
        this.intake = messaging.participant(MessageTypes.ORDER_COMMANDS, store);
        this.store = store;
        this.relay = relay;
    }

    @Incoming("order-commands")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return intake.accept(records).invoke(this::send);
    }

    private void send() {
        if (store.hasSaidSomething()) {
            relay.wake();
        }
    }
}
