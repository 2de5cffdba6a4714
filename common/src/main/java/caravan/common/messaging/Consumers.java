package caravan.common.messaging;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/**
 * Stops the consumers while everything that they need still works: polls end, batches that are under way are committed and
 * their offsets after them, then the group hears that we leave, and others take the partitions at once. Left to itself the
 * connector does all that when the pools are closed already: batches then fail until it gives up, and their partitions
 * stand still meanwhile.
 */
@Singleton
class Consumers {

    void stop(
            @Observes @Priority(Endings.CONSUMERS) ShutdownEvent event,
            @Connector(KafkaConnector.CONNECTOR_NAME) KafkaConnector connector) {
        connector.terminate(event);
    }
}
