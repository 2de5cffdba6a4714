package caravan.inventory;

import caravan.common.contract.Money;
import caravan.common.contract.ProductChanged;
import caravan.common.messaging.Json;
import caravan.common.messaging.Outbox;
import caravan.common.messaging.Outgoing;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Fills an empty catalogue, once, before the first command is consumed: until then every product would be unknown. */
@Singleton
class Seed {

    private static final Logger LOG = Logger.getLogger(Seed.class);
    private static final Duration BOUND = Duration.ofSeconds(30);

    /** Several replicas may start at once: the table lock lets one of them see the table empty. Readers go on. */
    private static final String LOCK = "lock table products in share row exclusive mode";

    private static final String IS_EMPTY = "select not exists (select from products)";

    private static final String FILL = """
            with seeds as (
                select * from jsonb_to_recordset($1::text::jsonb) as s (
                    sku text, name text, description text, "priceMinor" bigint, currency text, tags text[], pieces int)),
            catalogue as (
                insert into products (sku, name, description, price_minor, currency, tags, version, updated_at)
                select sku, name, description, "priceMinor", currency, tags, 1, now() from seeds),
            shelves as (
                insert into stock (sku, on_hand, updated_at) select sku, pieces, now() from seeds)
            insert into stock_adjustments (sku, wanted, delta, on_hand, reason, at)
            select sku, pieces, pieces, pieces, 'seed', now() from seeds where pieces > 0""";

    /** One line of {@code seed/products.json}. */
    record Product(
            String sku,
            String name,
            String description,
            long priceMinor,
            String currency,
            List<String> tags,
            int pieces) {

        ProductChanged changed() {
            return new ProductChanged(sku, name, description, new Money(priceMinor, currency), tags, 1);
        }
    }

    private final Pool pool;
    private final InventoryConfig config;
    private final ProductEvents events;

    Seed(Pool pool, InventoryConfig config, ProductEvents events) {
        this.pool = pool;
        this.config = config;
        this.events = events;
    }

    void sow(@Observes @Priority(2) StartupEvent event) {
        if (config.seed()) {
            int products = pool.withTransaction(this::fillWhenEmpty).await().atMost(BOUND);
            LOG.infof("%d products seeded", products);
        }
    }

    private Uni<Integer> fillWhenEmpty(SqlConnection tx) {
        return tx.query(LOCK)
                .execute()
                .chain(() -> tx.query(IS_EMPTY).execute())
                .chain(rows -> rows.iterator().next().getBoolean(0)
                        ? fill(tx, text())
                        : Uni.createFrom().item(0));
    }

    private Uni<Integer> fill(SqlConnection tx, String json) {
        List<Outgoing> changes =
                products(json).map(Product::changed).map(events::of).toList();
        return tx.preparedQuery(FILL)
                .execute(Tuple.of(json))
                .chain(() -> Outbox.add(tx, changes))
                .replaceWith(changes.size());
    }

    static Stream<Product> products(String json) {
        return Stream.of(Json.read(json, Product[].class));
    }

    static String text() {
        try (InputStream in = Seed.class.getResourceAsStream("/seed/products.json")) {
            return new String(Objects.requireNonNull(in, "seed/products.json").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read seed/products.json", e);
        }
    }
}
