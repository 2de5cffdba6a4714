package caravan.inventory;

import caravan.common.contract.ProductChanged;
import caravan.common.contract.Topics;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.TraceContext;
import jakarta.inject.Singleton;

/** How a changed product is told: keyed by sku, so that the topic's compaction keeps the newest version of each. */
@Singleton
class ProductEvents {

    private final Messaging messaging;

    ProductEvents(Messaging messaging) {
        this.messaging = messaging;
    }

    Outgoing of(ProductChanged product) {
        return Outgoing.of(
                Topics.PRODUCT_EVENTS,
                product.sku(),
                product.sku() + ":" + product.version(),
                messaging.source(),
                TraceContext.current(),
                product);
    }
}
