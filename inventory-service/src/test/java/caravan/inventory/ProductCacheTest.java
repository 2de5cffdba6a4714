package caravan.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import caravan.fleet.testing.Backends;
import caravan.inventory.Crowd.Heard;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.core.Future;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cache as HTTP sees it. Loads are slow for real: somebody holds a lock on the table. */
@QuarkusTest
@TestProfile(ProductCacheTest.Patient.class)
@WithTestResource(Backends.class)
class ProductCacheTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final int CROWD = 5_000;

    /** Who loads waits for it; on a busy machine a lease may run out and be taken again, by somebody who waits for the same load. */
    private static final int FEW = 5;

    private static final String BLOCKED = """
            select count(*) from pg_stat_activity
            where wait_event_type = 'Lock' and query like '%from products p join stock s%where p.sku%'
            and datname = current_database()""";

    @Inject
    Pool pool;

    @Inject
    MeterRegistry meters;

    private Ledger ledger;
    private Crowd crowd;
    private RedisPeek redis;
    private String sku;
    private String path;

    /** A lease that a test can outlast, and readers and entries that last longer than the test. */
    public static class Patient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "caravan.inventory.cache.fresh-for",
                    "30s",
                    "caravan.inventory.cache.lease.life",
                    "600ms",
                    "caravan.inventory.cache.load.wait-at-most",
                    "20s",
                    "caravan.inventory.cache.load.longest",
                    "20s");
        }
    }

    @BeforeEach
    void open() {
        ledger = new Ledger(pool);
        crowd = new Crowd();
        redis = new RedisPeek(Backends.addresses().redisUrl());
        sku = ledger.newProduct(5);
        path = "/api/v1/products/" + sku;
    }

    @AfterEach
    void close() {
        crowd.close();
        redis.close();
    }

    @Test
    void loadsAnExpiredHotProductOnceForFiveThousandThoughTheLoadOutlivesTheLease() {
        given().get(path).then().statusCode(200);
        redis.age(sku, Duration.ofMinutes(1));
        double before = loads();
        double renewed = leases("renewed");

        List<Future<Heard>> asked;
        SqlConnection holder = lockedTable();
        try {
            asked = crowd.get(CROWD, path);
            await().atMost(BOUND).until(() -> leases("renewed") - renewed >= 6);
            assertThat(blockedLoads()).isEqualTo(1);
        } finally {
            release(holder);
        }

        List<Heard> answers = Crowd.all(asked);
        assertThat(answers).extracting(Heard::status).containsOnly(200);
        assertThat(answers)
                .extracting(Heard::body)
                .containsOnly(answers.getFirst().body());
        assertThat(loads() - before).isEqualTo(1);
    }

    @Test
    void givesTheOthersTheStaleAnswerWhileOneLoads() {
        given().get(path).then().statusCode(200);
        redis.age(sku, Duration.ofSeconds(31));
        ledger.execute("update products set price_minor = 200, version = 2 where sku = $1", Tuple.of(sku));
        double before = loads();

        List<Future<Heard>> asked;
        SqlConnection holder = lockedTable();
        try {
            asked = crowd.get(CROWD, path);
            await().atMost(BOUND)
                    .until(() -> asked.stream().filter(Future::isComplete).count() >= CROWD - FEW);
            assertThat(blockedLoads()).isEqualTo(1);
            assertThat(asked.stream().filter(Future::isComplete).map(Future::result))
                    .allSatisfy(answer -> {
                        assertThat(answer.status()).isEqualTo(200);
                        assertThat(answer.header("ETag")).isEqualTo("\"1.5\"");
                        assertThat(Integer.parseInt(answer.header("Age"))).isBetween(31, 50);
                    });
        } finally {
            release(holder);
        }

        assertThat(Crowd.all(asked))
                .filteredOn(answer -> answer.header("ETag").equals("\"2.5\""))
                .hasSizeBetween(1, FEW);
        assertThat(loads() - before).isEqualTo(1);
        given().get(path).then().header("ETag", "\"2.5\"");
    }

    @Test
    void answersTheSameBytesForTheSameTagWhereverTheyComeFrom() {
        Response loaded = given().get(path);
        Response cached = given().get(path);
        Response past = given().header("Consistency-Token", "inventory.1").get(path);

        assertThat(cached.asByteArray()).isEqualTo(loaded.asByteArray()).isEqualTo(past.asByteArray());
        assertThat(List.of(loaded.header("ETag"), cached.header("ETag"), past.header("ETag")))
                .containsOnly("\"1.5\"");
        assertThat(List.of(
                        loaded.header("Last-Modified"), cached.header("Last-Modified"), past.header("Last-Modified")))
                .containsOnly(loaded.header("Last-Modified"));
        assertThat(List.of(loaded.contentType(), cached.contentType(), past.contentType()))
                .containsOnly("application/json;charset=UTF-8");
        assertThat(loaded.header("Age")).isNull();
        assertThat(cached.header("Age")).isEqualTo("1");
        assertThat(past.header("Age")).isNull();
    }

    @Test
    void saysHowOldA304IsToo() {
        given().get(path);
        redis.age(sku, Duration.ofSeconds(5));

        Response unchanged = given().header("If-None-Match", "\"1.5\"").get(path);

        unchanged
                .then()
                .statusCode(304)
                .header("ETag", "\"1.5\"")
                .header("Cache-Control", containsString("max-age=60"));
        assertThat(Integer.parseInt(unchanged.header("Age"))).isBetween(6, 10);
        given().head(path).then().statusCode(200).header("ETag", "\"1.5\"");
    }

    @Test
    void showsAnEditAtOnceAndWithoutALoad() {
        given().get(path);
        double before = loads();

        put(path, 250, "\"1.5\"").then().statusCode(200).header("ETag", "\"2.5\"");

        given().get(path).then().header("ETag", "\"2.5\"").body("price.amountMinor", equalTo(250));
        assertThat(loads() - before).isZero();
    }

    @Test
    void showsWhatWasPutInAtOnce() {
        given().get(path);

        given().header("Authorization", "Bearer " + Backends.token(UUID.randomUUID(), "catalog:write"))
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .contentType("application/json")
                .body("{\"delta\": 2}")
                .post(path + "/stock")
                .then()
                .statusCode(200);

        given().get(path).then().header("ETag", "\"1.7\"").body("onHand", equalTo(7));
    }

    @Test
    void goesPastTheCacheForWhoeverHasWritten() {
        given().get(path);
        ledger.execute("update products set price_minor = 200, version = 2 where sku = $1", Tuple.of(sku));

        given().get(path).then().header("ETag", "\"1.5\"");
        // Whoever has only placed orders has written nothing here.
        given().header("Consistency-Token", "orders.16b3748").get(path).then().header("ETag", "\"1.5\"");
        given().header("Consistency-Token", "inventory.16b3748~orders.1")
                .get(path)
                .then()
                .statusCode(200)
                .header("ETag", "\"2.5\"");
    }

    @Test
    void remembersForAWhileThatThereIsNoSuchProductUntilItIsMade() {
        String missing = "/api/v1/products/NEW-" + sku;
        double before = loads();

        given().get(missing).then().statusCode(404);
        given().get(missing).then().statusCode(404);
        assertThat(loads() - before).isEqualTo(1);

        put(missing, 250, null).then().statusCode(201);
        given().get(missing).then().statusCode(200).header("ETag", "\"1.0\"");
    }

    /** Ends as it began: nobody else gets to the table meanwhile. */
    private SqlConnection lockedTable() {
        SqlConnection connection = pool.getConnection().await().atMost(BOUND);
        connection.query("begin").execute().await().atMost(BOUND);
        connection
                .query("lock table products in access exclusive mode")
                .execute()
                .await()
                .atMost(BOUND);
        return connection;
    }

    private static void release(SqlConnection holder) {
        holder.query("rollback").execute().await().atMost(BOUND);
        holder.close().await().atMost(BOUND);
    }

    private long blockedLoads() {
        return ledger.execute(BLOCKED, Tuple.tuple()).getFirst().getLong(0);
    }

    private double loads() {
        return List.of("found", "absent", "failed").stream()
                .mapToDouble(outcome -> meters.counter("cache.loads", "cache", "products", "outcome", outcome)
                        .count())
                .sum();
    }

    private double leases(String event) {
        return meters.counter("cache.lease", "cache", "products", "event", event)
                .count();
    }

    private static Response put(String path, int priceMinor, @org.jspecify.annotations.Nullable String ifMatch) {
        var request = given().header("Authorization", "Bearer " + Backends.token(UUID.randomUUID(), "catalog:write"))
                .contentType("application/json")
                .body("""
                        {"name": "Test", "description": "", "price": {"amountMinor": %d, "currency": "EUR"}, "tags": []}""".formatted(priceMinor));
        return ifMatch == null
                ? request.put(path)
                : request.header("If-Match", ifMatch).put(path);
    }
}
