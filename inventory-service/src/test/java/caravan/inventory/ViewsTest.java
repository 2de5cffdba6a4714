package caravan.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import caravan.common.cache.RedisLine;
import caravan.common.cache.WriteBehind;
import caravan.fleet.testing.Backends;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Views on their way from a GET to the table and the list of the most viewed. */
@QuarkusTest
@TestProfile(ViewsTest.Quick.class)
@WithTestResource(Backends.class)
class ViewsTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @Inject
    Pool pool;

    @Inject
    MeterRegistry meters;

    @Inject
    Views views;

    @Inject
    InventoryConfig config;

    private Ledger ledger;
    private RedisPeek redis;
    private String sku;
    private String path;

    /** As in operation, so much faster that a test can wait for it. */
    public static class Quick implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "caravan.inventory.cache.fresh-for",
                    "50ms",
                    "caravan.inventory.cache.write-behind.add-every",
                    "20ms",
                    "caravan.inventory.cache.write-behind.flush-every",
                    "100ms",
                    "caravan.inventory.cache.write-behind.lease-life",
                    "500ms");
        }
    }

    @BeforeEach
    void open() {
        ledger = new Ledger(pool);
        redis = new RedisPeek(Backends.addresses().redisUrl());
        sku = ledger.newProduct(5);
        path = "/api/v1/products/" + sku;
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void countsEveryGetOnceAndWhatTheCacheBeforeUsReports() {
        double before = meters.counter("views.flushed").count();
        String etag = given().get(path).header("ETag");
        given().header("If-None-Match", etag).get(path).then().statusCode(304);
        given().header("If-None-Match", etag)
                .header("Meter", "count=10")
                .get(path)
                .then()
                .statusCode(304);
        given().header("Meter", "count=5").get(path).then().statusCode(200);
        given().header("Consistency-Token", "inventory.1").get(path).then().statusCode(200);
        given().head(path).then().statusCode(200);
        given().header("Meter", "count=100").head(path).then().statusCode(200);
        given().header("Meter", "count=junk").get(path).then().statusCode(200);

        // Six GETs, and 115 that others have answered.
        awaitViews(sku, 121);
        assertThat(meters.counter("views.flushed").count() - before).isGreaterThanOrEqualTo(121);
        given().get("/api/v1/products/NOT-" + sku).then().statusCode(404);
        awaitQuiet();
        assertThat(viewsOf(sku)).isEqualTo(121);
    }

    @Test
    void listsTheMostViewedFirst() {
        String second = ledger.newProduct(5);
        given().header("Meter", "count=1000000").get(path);
        given().header("Meter", "count=1000000").get(path);
        given().header("Meter", "count=1000000").get("/api/v1/products/" + second);

        await().atMost(BOUND)
                .untilAsserted(() -> given().get("/api/v1/products/top?limit=2")
                        .then()
                        .statusCode(200)
                        .header("Cache-Control", "public, max-age=60, stale-while-revalidate=300")
                        .body("items", hasSize(2))
                        .body("items[0].sku", equalTo(sku))
                        .body("items[0].name", equalTo("Test"))
                        .body("items[0].views", equalTo(2_000_002))
                        .body("items[1].sku", equalTo(second)));

        Response top = given().get("/api/v1/products/top?limit=2");
        given().header("If-None-Match", top.header("ETag"))
                .get("/api/v1/products/top?limit=2")
                .then()
                .statusCode(304);
        ledger.execute("update product_views set views = 1 where sku = any($1)", tuple(sku, second));
        redis.send(Request.cmd(Command.DEL).arg("inventory:views:top"));
    }

    @Test
    void refusesLimitsThatCannotBe() {
        for (String limit : List.of("0", "101", "x")) {
            given().get("/api/v1/products/top?limit=" + limit)
                    .then()
                    .statusCode(400)
                    .contentType(containsString("application/problem+json"));
        }
        given().get("/api/v1/products/top").then().statusCode(200);
    }

    @Test
    void makesTheListAnewWhenRedisHasForgottenIt() {
        given().header("Meter", "count=900000").get(path);
        awaitViews(sku, 900_001);

        redis.send(Request.cmd(Command.FLUSHALL));

        given().get("/api/v1/products/top?limit=1").then().body("items[0].sku", equalTo(sku));
        await().atMost(BOUND).until(() -> redis.has("inventory:views:top"));
        assertThat(redis.board(sku)).isEqualTo(900_001);
        ledger.execute("update product_views set views = 1 where sku = any($1)", tuple(sku));
        redis.send(Request.cmd(Command.DEL).arg("inventory:views:top"));
    }

    @Test
    void countsOnceWhenAFlusherDiesBeforeItWrites() {
        CompletableFuture<UUID> setAside = new CompletableFuture<>();

        countsOnce(
                (id, _) -> {
                    setAside.complete(id);
                    return Uni.createFrom().nothing();
                },
                setAside);
    }

    @Test
    void countsOnceWhenAFlusherDiesBetweenTheTableAndTheLeaderboard() {
        CompletableFuture<UUID> written = new CompletableFuture<>();
        ViewStore store = new ViewStore(pool);

        countsOnce(
                (id, counts) -> store.add(id, counts).chain(() -> {
                    written.complete(id);
                    return Uni.createFrom().nothing();
                }),
                written);
    }

    @Test
    void countsOnceWhenAFlusherDiesBeforeItRemovesWhatItHasWritten() {
        CompletableFuture<UUID> done = new CompletableFuture<>();

        countsOnce(
                (id, counts) -> views.write(id, counts).chain(() -> {
                    done.complete(id);
                    return Uni.createFrom().nothing();
                }),
                done);
    }

    /** The dying one has its keys, and so has whoever comes after it: the service itself flushes others meanwhile. */
    private void countsOnce(WriteBehind.Sink dying, CompletableFuture<UUID> dead) {
        String prefix = "test:" + UUID.randomUUID() + ":";
        Vertx killed = Vertx.vertx();
        Vertx other = Vertx.vertx();
        try {
            WriteBehind first = behind(killed, dying, prefix);
            first.count(sku, 3);
            await().atMost(BOUND).until(() -> {
                first.add().await().atMost(BOUND);
                return redis.has(prefix + "counting");
            });
            first.flush().subscribe().with(_ -> {});
            dead.orTimeout(20, TimeUnit.SECONDS).join();
            killed.close().toCompletionStage().toCompletableFuture().join();

            WriteBehind second = behind(other, views::write, prefix);
            await().atMost(BOUND)
                    .until(() -> second.flush()
                            .onFailure()
                            .recoverWithItem(false)
                            .await()
                            .atMost(BOUND));

            assertThat(viewsOf(sku)).isEqualTo(3);
            assertThat(second.flush().await().atMost(BOUND)).isFalse();
            assertThat(redis.board(sku)).isEqualTo(3);
        } finally {
            other.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private WriteBehind behind(Vertx vertx, WriteBehind.Sink sink, String prefix) {
        RedisLine line = new RedisLine(
                vertx, Backends.addresses().redisUrl(), config.cache().redis(), new SimpleMeterRegistry());
        line.open();
        return new WriteBehind(line, config.cache().writeBehind(), sink, prefix);
    }

    private static Tuple tuple(String... skus) {
        Object of = skus;
        return Tuple.of(of);
    }

    private long viewsOf(String product) {
        List<Row> rows = ledger.execute("select views from product_views where sku = $1", Tuple.of(product));
        return rows.isEmpty() ? 0 : rows.getFirst().getLong(0);
    }

    private void awaitViews(String product, long many) {
        await().atMost(BOUND).until(() -> viewsOf(product) >= many);
        assertThat(viewsOf(product)).isEqualTo(many);
    }

    /** Nothing is on its way any more: one more view than before has arrived. */
    private void awaitQuiet() {
        String marker = ledger.newProduct(1);
        given().get("/api/v1/products/" + marker).then().statusCode(200);
        awaitViews(marker, 1);
    }
}
