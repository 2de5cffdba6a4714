package caravan.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import caravan.fleet.testing.Backends;
import caravan.inventory.Crowd.Heard;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Prices are edited and read while Redis is flushed, killed, started again and held up. */
@QuarkusTest
@TestProfile(RedisLossTest.ShortLives.class)
@WithTestResource(Backends.class)
@WithTestResource(OwnRedisResource.class)
class RedisLossTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final int EDITS = 8;
    private static final int READERS = 8;

    /** As in operation, five times as fast. */
    public static class ShortLives implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "caravan.inventory.cache.fresh-for",
                    "1s",
                    "caravan.inventory.cache.dead-after",
                    "4s",
                    "caravan.inventory.cache.load.longest",
                    "3s");
        }
    }

    @SuppressWarnings("NullAway.Init") // OwnRedisResource does.
    Consumer<String> redis;

    @Inject
    Pool pool;

    @Inject
    @ConfigProperty(name = "caravan.redis.url")
    String redisUrl;

    private record Read(int status, int price, long askedNs, int age) {}

    /** The price is the version, so that a read says which edits it has seen. */
    @Test
    void failsNobodyAndShowsNoPriceThatIsOlderThanItSays() {
        String path = "/api/v1/products/" + new Ledger(pool).newProduct(5);
        List<Long> editedNs = new ArrayList<>(List.of(System.nanoTime()));
        Queue<Read> reads = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        try (Crowd crowd = new Crowd();
                RedisPeek peek = new RedisPeek(redisUrl)) {
            edit(path, editedNs);
            List<CompletableFuture<Void>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(reading(crowd, path, over, reads));
            }

            edits(path, editedNs);
            peek.send(Request.cmd(Command.FLUSHALL));
            edits(path, editedNs);
            redis.accept("kill");
            edits(path, editedNs);
            redis.accept("restart");
            edits(path, editedNs);
            redis.accept("freeze");
            edits(path, editedNs);
            redis.accept("thaw");
            edits(path, editedNs);

            over.set(true);
            readers.forEach(each -> each.orTimeout(20, TimeUnit.SECONDS).join());
        }

        assertThat(reads).extracting(Read::status).containsOnly(200);
        assertThat(reads.size()).isGreaterThan(1_000);
        assertThat(reads).anyMatch(read -> read.age() > 0);
        assertThat(reads).allSatisfy(read -> {
            // Rounded up.
            assertThat(read.age()).isLessThanOrEqualTo(5);
            if (read.price() < editedNs.size()) {
                long supersededNs = editedNs.get(read.price());
                long olderMs = TimeUnit.NANOSECONDS.toMillis(read.askedNs() - supersededNs);
                // What was not cached says nothing of its age below a second.
                assertThat(olderMs).as("%s", read).isLessThanOrEqualTo(Math.max(1, read.age()) * 1_000L);
            }
        });
    }

    @Test
    void showsAnEditThatRedisDidNotHearOfWithinTheAgeLimit() {
        String path = "/api/v1/products/" + new Ledger(pool).newProduct(5);
        List<Long> editedNs = new ArrayList<>(List.of(System.nanoTime()));
        edit(path, editedNs);
        given().get(path).then().body("price.amountMinor", equalTo(2));
        redis.accept("freeze");
        edit(path, editedNs);
        given().get(path).then().statusCode(200).body("price.amountMinor", equalTo(3));

        redis.accept("thaw");

        await().atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> given().get(path).then().header("Age", notNullValue()));
        await().atMost(Duration.ofSeconds(4))
                .untilAsserted(() -> given().get(path).then().body("price.amountMinor", equalTo(3)));
    }

    private static void edits(String path, List<Long> editedNs) {
        for (int i = 0; i < EDITS; i++) {
            edit(path, editedNs);
            long endNs = System.nanoTime() + Duration.ofMillis(150).toNanos();
            await().atMost(BOUND).pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() - endNs >= 0);
        }
    }

    private static void edit(String path, List<Long> editedNs) {
        int next = editedNs.size() + 1;
        given().header("Authorization", "Bearer " + Backends.token(UUID.randomUUID(), "catalog:write"))
                .header("If-Match", "*")
                .contentType("application/json")
                .body("""
                        {"name": "Test", "description": "", "price": {"amountMinor": %d, "currency": "EUR"}, "tags": []}""".formatted(next))
                .put(path)
                .then()
                .statusCode(200)
                .body("version", equalTo(next));
        editedNs.add(System.nanoTime());
    }

    private static CompletableFuture<Void> reading(Crowd crowd, String path, AtomicBoolean over, Queue<Read> reads) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        readOn(crowd, path, over, reads, done);
        return done;
    }

    private static void readOn(
            Crowd crowd, String path, AtomicBoolean over, Queue<Read> reads, CompletableFuture<Void> done) {
        long askedNs = System.nanoTime();
        crowd.get(path).onComplete(answer -> {
            reads.add(answer.succeeded() ? read(answer.result(), askedNs) : new Read(0, 0, askedNs, 0));
            if (over.get()) {
                done.complete(null);
            } else {
                readOn(crowd, path, over, reads, done);
            }
        });
    }

    private static Read read(Heard answer, long askedNs) {
        String age = answer.header("Age");
        int price = answer.status() == 200
                ? new JsonObject(answer.body()).getJsonObject("price").getInteger("amountMinor")
                : 0;
        return new Read(answer.status(), price, askedNs, age.isEmpty() ? 0 : Integer.parseInt(age));
    }
}
