package caravan.order;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.http.ConsistencyToken;
import caravan.common.sql.WalPosition;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every answer about orders tells where in the log it comes from. */
@QuarkusTest
@WithTestResource(Backends.class)
class ConsistencyTokenAnswersTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @Inject
    Pool pool;

    private Shop shop;

    @BeforeEach
    void open() {
        Customer.ADA.asks();
        shop = new Shop(pool);
    }

    @AfterEach
    void close() {
        Customer.nobodyAsks();
        shop.close();
    }

    @Test
    void goesWithAnOrderAndItsReplay() {
        String key = UUID.randomUUID().toString();
        WalPosition before = flushed();

        Response placed = place(key, given());
        Response replayed = place(key, given());

        assertThat(at(placed)).isGreaterThan(before);
        assertThat(replayed.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(at(replayed)).isGreaterThanOrEqualTo(at(placed)).isLessThanOrEqualTo(flushed());
    }

    @Test
    void goesWithEveryRead() {
        WalPosition before = at(place(UUID.randomUUID().toString(), given()));
        UUID order = shop.place();

        Response shown = given().get("/api/v1/orders/" + order);
        Response same = given().header("If-None-Match", shown.header("ETag")).get("/api/v1/orders/" + order);
        Response list = given().get("/api/v1/orders?limit=5");
        Response nothing = given().get("/api/v1/orders?status=NEEDS_ATTENTION");
        Response waited = given().header("Prefer", "wait=1").get("/api/v1/orders/" + order);
        Response head = given().head("/api/v1/orders/" + order + "/events");

        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(List.of(shown, same, list, nothing, waited, head))
                .extracting(ConsistencyTokenAnswersTest::at)
                .allSatisfy(position -> assertThat(position).isGreaterThan(before));
    }

    @Test
    void goesWithAnEndThatWasWaitedFor() {
        UUID order = shop.place();
        shop.approve(order);

        Response ended = given().header("Prefer", "wait=10").get("/api/v1/orders/" + order);

        assertThat(ended.<String>path("status")).isEqualTo("APPROVED");
        assertThat(at(ended)).isLessThanOrEqualTo(flushed()).isGreaterThan(WalPosition.START);
    }

    @Test
    void goesWithTheBeginningOfAStream() throws IOException, InterruptedException {
        UUID order = shop.place();
        URI events = URI.create("http://localhost:" + RestAssured.port + "/api/v1/orders/" + order + "/events");

        try (Listener listener = Listener.to(events, null)) {
            assertThat(at(listener.header(ConsistencyToken.HEADER))).isGreaterThan(WalPosition.START);
        }
    }

    @Test
    void goesWithACancellationItsReplayAndItsRefusal() {
        UUID order = shop.place();
        String key = UUID.randomUUID().toString();
        WalPosition before = flushed();

        Response accepted = CancelServiceTest.cancel(order, key, "");
        Response replayed = CancelServiceTest.cancel(order, key, "");
        pool.query("update orders set status = 'REJECTED', cancel_said_at = null where id = '" + order + "'")
                .execute()
                .await()
                .atMost(BOUND);
        Response refused = CancelServiceTest.cancel(order, UUID.randomUUID().toString(), "");

        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(at(accepted)).isGreaterThan(before);
        assertThat(at(replayed)).isGreaterThanOrEqualTo(at(accepted));
        assertThat(at(refused)).isGreaterThan(at(replayed));
    }

    @Test
    void keepsWhatTheCallerHasSeenElsewhere() {
        Response placed =
                place(UUID.randomUUID().toString(), given().header(ConsistencyToken.HEADER, "inventory.7f~orders.1"));
        Response ahead = given().header(ConsistencyToken.HEADER, "orders.ffffffffffffff")
                .header(ConsistencyToken.HEADER, "inventory.2")
                .get("/api/v1/orders");

        assertThat(placed.header(ConsistencyToken.HEADER)).startsWith("inventory.7f~orders.");
        assertThat(at(placed)).isGreaterThan(new WalPosition(1));
        assertThat(ahead.header(ConsistencyToken.HEADER)).isEqualTo("inventory.2~orders.ffffffffffffff");
    }

    @Test
    void isRefusedWhenNobodyCanHaveGivenIt() {
        UUID order = shop.place();

        Response placed = place(UUID.randomUUID().toString(), given().header(ConsistencyToken.HEADER, "moon"));
        CancelServiceTest.problem(placed, 400, "bad-request");
        for (String path : List.of("", "/" + order, "/" + order + "/events")) {
            Response answer =
                    given().header(ConsistencyToken.HEADER, "orders.01").get("/api/v1/orders" + path);
            CancelServiceTest.problem(answer, 400, "bad-request");
        }
        Response cancelled = given().header(ConsistencyToken.HEADER, "~")
                .header("Idempotency-Key", "1")
                .post("/api/v1/orders/" + order + "/cancel");
        CancelServiceTest.problem(cancelled, 400, "bad-request");
    }

    private static Response place(String key, RequestSpecification request) {
        return request.header("Idempotency-Key", key)
                .contentType("application/json")
                .body(Shop.order())
                .post("/api/v1/orders");
    }

    private static WalPosition at(Response response) {
        return at(response.header(ConsistencyToken.HEADER));
    }

    private static WalPosition at(String token) {
        return ConsistencyToken.parse(List.of(token)).of("orders").orElseThrow();
    }

    private WalPosition flushed() {
        return pool.query("select pg_current_wal_flush_lsn()::text as position")
                .execute()
                .map(rows -> WalPosition.parse(rows.iterator().next().getString("position")))
                .await()
                .atMost(BOUND);
    }
}
