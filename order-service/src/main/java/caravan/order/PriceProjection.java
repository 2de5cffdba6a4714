package caravan.order;

import caravan.common.contract.MessageTypes;
import caravan.common.contract.ProductChanged;
import caravan.common.messaging.Intake;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import caravan.common.sql.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Keeps the local copy of the prices. Rows are written in the order of their SKUs, so that replicas cannot deadlock. */
@Singleton
class PriceProjection {

    private static final String UPSERT = """
            insert into prices as p (sku, name, price_minor, currency, version)
            select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[])
            on conflict (sku) do update
            set name = excluded.name, price_minor = excluded.price_minor, currency = excluded.currency,
              version = excluded.version
            where excluded.version > p.version""";

    private final Intake<ProductChanged> intake;
    private final Pool pool;

    PriceProjection(Messaging messaging, Pool pool) {
        this.intake = messaging.intake(MessageTypes.PRODUCT_EVENTS, this::project);
        this.pool = pool;
    }

    @Incoming("product-events")
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return intake.accept(records);
    }

    private Uni<List<Outgoing>> project(List<Received<ProductChanged>> batch) {
        Map<String, ProductChanged> newest = new TreeMap<>();
        for (Received<ProductChanged> received : batch) {
            ProductChanged product = received.message();
            newest.merge(product.sku(), product, (a, b) -> b.version() > a.version() ? b : a);
        }
        Tuple rows = Columns.of(List.copyOf(newest.values()))
                .text(ProductChanged::sku)
                .text(ProductChanged::name)
                .bigNumber(product -> product.price().amountMinor())
                .text(product -> product.price().currency())
                .bigNumber(ProductChanged::version)
                .tuple();
        return pool.preparedQuery(UPSERT).execute(rows).replaceWith(List.of());
    }
}
