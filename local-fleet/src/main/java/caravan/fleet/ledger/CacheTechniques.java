package caravan.fleet.ledger;

import caravan.fleet.bench.Latency;
import caravan.fleet.ledger.Ground.Variant;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** The layer cache: of products, in inventory-service and in the gateway. */
final class CacheTechniques {

    private static final String CATALOGUE = "/api/v1/products";
    private static final String LOADS = "cache_loads_total";
    private static final String REQUESTS = "http_requests_total";

    private static final int READS = 2_000;
    private static final int AT_ONCE = 16;
    private static final int HERD = 500;
    private static final int EDITS = 50;

    /** Longer than counts of views wait to be flushed. */
    private static final Duration FLUSHED = Duration.ofSeconds(12);

    private final Ground ground;
    private final List<String> products;
    private final String inventory;

    CacheTechniques(Ground ground) {
        this.ground = ground;
        this.inventory = ground.fleet().address("inventory-service");
        JsonArray items = new JsonObject(ground.crowd()
                        .one(Crowd.get(inventory, CATALOGUE + "?limit=20"))
                        .body())
                .getJsonArray("items");
        this.products = items.stream()
                .map(item -> CATALOGUE + "/" + ((JsonObject) item).getString("sku"))
                .toList();
    }

    List<Finding> all() throws SQLException {
        return List.of(aside(), herd(), through(), behind(), http());
    }

    private Finding aside() throws SQLException {
        String with = reads(inventory);
        try (Variant off = ground.inventory("CARAVAN_INVENTORY_CACHE_ENABLED", "false")) {
            // Views are counted in Redis either way.
            return new Finding(
                    "cache-aside with a time to live",
                    "`caravan.inventory.cache.enabled`",
                    "transactions of the database for 1,000 `GET /products/{sku}`; p50",
                    with,
                    reads(off.address()));
        }
    }

    private String reads(String address) throws SQLException {
        warm(address);
        try (Connection database = ground.database("inventory")) {
            long before = Counts.transactions(database);
            Latency latency = ask(address, READS);
            long after = Counts.transactions(database);
            return "%,d; %s".formatted(Math.round((after - before) * 1000.0 / READS), millis(latency));
        }
    }

    /** A cold JVM would be what is measured. */
    private void warm(String address) {
        ask(address, READS);
    }

    private Latency ask(String address, int count) {
        return ground.crowd().ask(count, AT_ONCE, number -> Crowd.get(address, products.get(number % products.size())));
    }

    private Finding herd() {
        try (Variant second = ground.inventory("CARAVAN_INVENTORY_CACHE_LEASE_ENABLED", "true")) {
            String with = loads(second);
            try (Variant off = ground.inventory("CARAVAN_INVENTORY_CACHE_ENABLED", "false")) {
                return new Finding(
                        "one load for a herd (single flight, lease)",
                        "`caravan.inventory.cache.enabled`; the lease alone: `….cache.lease.enabled`",
                        "loads when %d ask two processes for a product that has expired".formatted(HERD),
                        with,
                        "%,d".formatted(uncached(off)));
            }
        }
    }

    private String loads(Variant second) {
        ask(second.address(), READS);
        String first = ground.fleet().managementAddress("inventory-service");
        RedisCommand.send(ground.fleet().redisPort(), "FLUSHALL");
        long before = loadsOf(first) + loadsOf(second.management());
        ground.crowd()
                .ask(
                        HERD,
                        HERD,
                        number -> Crowd.get(number % 2 == 0 ? inventory : second.address(), products.getFirst()));
        return "%,d".formatted(loadsOf(first) + loadsOf(second.management()) - before);
    }

    /** Without a cache each request is a load: what is counted is what the crowd asked for. */
    private long uncached(Variant off) {
        long before = ground.counts().meter(off.management(), REQUESTS);
        ground.crowd().ask(HERD, HERD, _ -> Crowd.get(off.address(), products.getFirst()));
        return ground.counts().meter(off.management(), REQUESTS) - before;
    }

    private long loadsOf(String management) {
        return ground.counts().meter(management, LOADS);
    }

    private Finding through() {
        String token = ground.accessToken(ground.fleet().credentials().operator());
        String with = edits(inventory, ground.fleet().managementAddress("inventory-service"), token);
        try (Variant off = ground.inventory("CARAVAN_INVENTORY_CACHE_WRITE_THROUGH", "false")) {
            return new Finding(
                    "write-through",
                    "`caravan.inventory.cache.write-through` (then the entry is removed)",
                    "loads for the first read after each of %d edits".formatted(EDITS),
                    with,
                    edits(off.address(), off.management(), token));
        }
    }

    private String edits(String address, String management, String token) {
        String product = products.getLast();
        ask(address, AT_ONCE);
        long loads = 0;
        for (int i = 0; i < EDITS; i++) {
            HttpResponse<String> known = ground.crowd().one(Crowd.get(address, product));
            ground.crowd()
                    .one(Crowd.put(address, product, edited(known.body(), i))
                            .header("Authorization", "Bearer " + token)
                            .header(
                                    "If-Match",
                                    known.headers().firstValue("ETag").orElse("*")));
            long before = loadsOf(management);
            ground.crowd().one(Crowd.get(address, product));
            loads += loadsOf(management) - before;
        }
        return "%,d".formatted(loads);
    }

    private static String edited(String product, int number) {
        JsonObject json = new JsonObject(product);
        return new JsonObject()
                .put("name", json.getString("name"))
                .put("description", "edition " + number)
                .put("price", json.getJsonObject("price"))
                .put("tags", json.getJsonArray("tags"))
                .encode();
    }

    private Finding behind() throws SQLException {
        String with = views(inventory);
        try (Variant off = ground.inventory("CARAVAN_INVENTORY_CACHE_WRITE_BEHIND_ENABLED", "false")) {
            return new Finding(
                    "write-behind of view counts",
                    "`caravan.inventory.cache.write-behind.enabled` (then each view is an update)",
                    "transactions of the database until 1,000 views are counted; p50 of the read",
                    with,
                    views(off.address()));
        }
    }

    private String views(String address) throws SQLException {
        warm(address);
        LockSupport.parkNanos(FLUSHED.toNanos());
        try (Connection database = ground.database("inventory")) {
            long before = Counts.transactions(database);
            Latency latency = ask(address, READS);
            LockSupport.parkNanos(FLUSHED.toNanos());
            long after = Counts.transactions(database);
            return "%,d; %s".formatted(Math.round((after - before) * 1000.0 / READS), millis(latency));
        }
    }

    private Finding http() {
        String with = throughDoor(ground.fleet().address("gateway"));
        try (Variant off = ground.variant("gateway", "CARAVAN_GATEWAY_CACHE_ENABLED", "false")) {
            return new Finding(
                    "HTTP: a shared cache that honours `Cache-Control`, `ETag`, `Age`",
                    "`caravan.gateway.cache.enabled`",
                    "requests that reach inventory-service for 1,000 at the gateway; p50; bytes of a body, and when the client has it",
                    with,
                    throughDoor(off.address()));
        }
    }

    private String throughDoor(String gateway) {
        atDoor(gateway);
        String management = ground.fleet().managementAddress("inventory-service");
        long before = ground.counts().meter(management, REQUESTS);
        Latency latency = atDoor(gateway);
        long reached = ground.counts().meter(management, REQUESTS) - before;
        HttpResponse<String> known = ground.crowd().one(Crowd.get(gateway, products.getFirst()));
        HttpResponse<String> again = ground.crowd()
                .one(Crowd.get(gateway, products.getFirst())
                        .header(
                                "If-None-Match",
                                known.headers().firstValue("ETag").orElse("")));
        return "%,d; %s; %,d, %,d"
                .formatted(
                        Math.round(reached * 1000.0 / READS),
                        millis(latency),
                        known.body().length(),
                        again.body().length());
    }

    /** Each from an address of its own, in the range that RFC 2544 keeps for benchmarks: the gateway limits every caller. */
    private Latency atDoor(String gateway) {
        return ground.crowd()
                .ask(
                        READS,
                        AT_ONCE,
                        number -> Crowd.get(gateway, products.get(number % products.size()))
                                .header("X-Forwarded-For", "198.19.%d.%d".formatted(number / 250, 1 + number % 250)));
    }

    static String millis(Latency latency) {
        return String.format(Locale.ROOT, "%.1f ms", latency.p50());
    }
}
