package caravan.payment;

import caravan.common.contract.MessageTypes;
import caravan.common.contract.PaymentCommand;
import caravan.common.messaging.Intake;
import caravan.common.messaging.Messaging;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Commands in; what they ask for is on record when this returns, and the cashier is at it. */
@ApplicationScoped
class PaymentCommands {

    private final Intake<PaymentCommand> intake;
    private final Cashier cashier;

    PaymentCommands(Messaging messaging, PaymentStore store, Cashier cashier) {
        this.intake = messaging.participant(MessageTypes.PAYMENT_COMMANDS, store);
        this.cashier = cashier;
    }

    @Incoming("payment-commands")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return intake.accept(records).invoke(cashier::wake);
    }
}
