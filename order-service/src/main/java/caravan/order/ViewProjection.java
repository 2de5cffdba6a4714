package caravan.order;

import caravan.common.contract.MessageTypes;
import caravan.common.contract.SagaAdvanced;
import caravan.common.log.Facts;
import caravan.common.messaging.Intake;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Keeps the read model: what a saga does shows in its order's view. */
@Singleton
class ViewProjection {

    private static final Logger LOG = Logger.getLogger(ViewProjection.class);

    private final Intake<SagaAdvanced> intake;
    private final ViewStore store;
    private final OrderWatch watch;
    private final OrderMetrics metrics;

    ViewProjection(Messaging messaging, ViewStore store, OrderWatch watch, OrderMetrics metrics) {
        this.intake = messaging.intake(MessageTypes.SAGA_EVENTS, this::project);
        this.store = store;
        this.watch = watch;
        this.metrics = metrics;
    }

    @Incoming("saga-events")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return intake.accept(records);
    }

    private Uni<List<Outgoing>> project(List<Received<SagaAdvanced>> batch) {
        List<SagaAdvanced> events = batch.stream().map(Received::message).toList();
        return store.fold(events)
                .invoke(this::tell)
                .invoke(() ->
                        watch.changed(events.stream().map(SagaAdvanced::orderId).toList()))
                .replaceWith(List.of());
    }

    /** The view is written with the order, before its saga can begin: an order that is not here never was. */
    private void tell(List<SagaAdvanced> unknown) {
        if (!unknown.isEmpty()) {
            metrics.unknownOrders(unknown.size());
            SagaAdvanced first = unknown.getFirst();
            Facts.ofOrder(first.orderId())
                    .saga(first.sagaId())
                    .step(first.step())
                    .tell(() -> LOG.warnf(
                            "the order is not here, and neither are those of %d more events", unknown.size() - 1));
        }
    }
}
