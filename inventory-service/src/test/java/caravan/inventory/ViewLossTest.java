package caravan.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What is lost of the views when Redis goes. */
@QuarkusTest
@TestProfile(ViewLossTest.Quick.class)
@WithTestResource(Backends.class)
@WithTestResource(OwnRedisResource.class)
class ViewLossTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    public static class Quick implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "caravan.inventory.cache.write-behind.add-every",
                    "20ms",
                    "caravan.inventory.cache.write-behind.flush-every",
                    "2s");
        }
    }

    @SuppressWarnings("NullAway.Init") // OwnRedisResource does.
    Consumer<String> redis;

    @Inject
    Pool pool;

    @Inject
    @ConfigProperty(name = "caravan.redis.url")
    String redisUrl;

    @Test
    void losesNoMoreThanWhatOneFlushWouldHaveBrought() {
        String sku = new Ledger(pool).newProduct(5);
        String path = "/api/v1/products/" + sku;
        // What has arrived in the table stays.
        views(path, 10);
        await().atMost(BOUND).until(() -> viewsOf(sku) == 10);
        // What is in Redis goes with it.
        views(path, 7);
        try (RedisPeek peek = new RedisPeek(redisUrl)) {
            await().atMost(BOUND)
                    .until(() -> viewsOf(sku) == 17
                            || "7"
                                    .equals(peek.text(Request.cmd(Command.HGET)
                                            .arg("inventory:views:counting")
                                            .arg(sku))));
            peek.send(Request.cmd(Command.FLUSHALL));
        }
        redis.accept("kill");
        // What is counted while it is away waits here.
        views(path, 5);
        redis.accept("restart");
        views(path, 3);

        // A Redis that is killed may have lost that it was flushed.
        await().atMost(BOUND).untilAsserted(() -> assertThat(viewsOf(sku)).isIn(18L, 25L));
    }

    private static void views(String path, int many) {
        for (int i = 0; i < many; i++) {
            given().get(path).then().statusCode(200);
        }
    }

    private long viewsOf(String sku) {
        List<Row> rows = new Ledger(pool).execute("select views from product_views where sku = $1", Tuple.of(sku));
        return rows.isEmpty() ? 0 : rows.getFirst().getLong(0);
    }
}
