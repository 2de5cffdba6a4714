package caravan.order;

import caravan.common.messaging.MessagingConfig;
import caravan.common.messaging.OutboxRelay;
import caravan.common.messaging.Publisher;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;

/** This service has an outbox: accepted orders come from HTTP requests, which nothing redelivers. */
@Singleton
class OrderOutboxRelay extends OutboxRelay {

    OrderOutboxRelay(Pool pool, Publisher publisher, MessagingConfig config, Vertx vertx) {
        super(pool, publisher, config, vertx);
    }
}
