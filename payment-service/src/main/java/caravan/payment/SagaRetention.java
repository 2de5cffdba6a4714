package caravan.payment;

import caravan.common.contract.SagasForgotten;
import caravan.common.messaging.Intake;
import caravan.common.messaging.Messaging;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Where a saga is forgotten so is what came of it here (rule 11); what it did stays. */
@Singleton
class SagaRetention {

    private final Intake<SagasForgotten> intake;

    SagaRetention(Messaging messaging) {
        this.intake = messaging.retention();
    }

    @Incoming("saga-retention")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return intake.accept(records);
    }
}
