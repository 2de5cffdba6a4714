package caravan.order;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import caravan.common.http.ConsistencyToken;
import caravan.common.sql.WalPosition;
import caravan.fleet.testing.Backends;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real replica that stands still, comes back and loses its sessions. */
@QuarkusTest
@TestProfile(Replay.Profile.class)
@WithTestResource(value = Backends.class, initArgs = @ResourceArg(name = "replica", value = "true"))
class ReplicaReadsTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 5;

    @Inject
    Pool pool;

    @Inject
    MeterRegistry meters;

    private Shop shop;
    private Replay replay;

    @BeforeEach
    void open() throws SQLException {
        Customer.ADA.asks();
        shop = new Shop(pool);
        replay = new Replay();
        replay.resume();
        soon().until(this::inRotation);
    }

    @AfterEach
    void close() throws SQLException {
        replay.close();
        shop.close();
        Customer.nobodyAsks();
    }

    @Test
    void answersFromTheReplicaAndKnowsWhereThatIs() {
        Response placed = place();
        UUID order = id(placed);
        soon().until(() -> replay.position().reaches(at(placed)));
        double before = reads("replica");

        Response shown = show(order, "");
        Response list = given().get("/api/v1/orders");

        assertThat(reads("replica")).isEqualTo(before + 2);
        assertThat(list.<List<String>>path("items.id")).contains(order.toString());
        assertThat(at(shown)).isGreaterThan(WalPosition.START);
        assertThat(at(list)).isGreaterThanOrEqualTo(at(shown));
    }

    @Test
    void waitsAMomentForWhatATokenNames() {
        double before = reads("replica");
        for (int i = 0; i < 50; i++) {
            Response placed = place();

            Response shown = show(id(placed), token(placed));

            assertThat(shown.statusCode()).isEqualTo(200);
            assertThat(at(shown)).isGreaterThanOrEqualTo(at(placed));
        }
        // Some commits take longer to get there than anybody waits.
        assertThat(reads("replica")).isGreaterThan(before + 10);
    }

    @Test
    void deniesNoOrderThatTheReplicaDoesNotHaveYet() throws SQLException {
        replay.pause();
        double before = counter("primary", "missing");
        UUID order = shop.place();

        Response shown = show(order, "");
        Response none = show(UUID.randomUUID(), "");

        assertThat(shown.statusCode()).isEqualTo(200);
        assertThat(none.statusCode()).isEqualTo(404);
        assertThat(counter("primary", "missing")).isEqualTo(before + 2);
    }

    @Test
    void readsWhatATokenNamesElsewhereWhileTheReplicaStandsStill() throws SQLException {
        // A process's first requests take longer than a replica that stands still stays in the rotation. Only what was
        // asked
        // while it was in there says anything.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            replay.pause();
            Response placed = place();

            Response shown = show(id(placed), token(placed));
            Response list =
                    given().header(ConsistencyToken.HEADER, token(placed)).get("/api/v1/orders");

            if (inRotation()) {
                assertThat(shown.statusCode()).isEqualTo(200);
                assertThat(list.<List<String>>path("items.id"))
                        .contains(id(placed).toString());
                assertThat(replay.position()).isLessThan(at(placed));
                assertThat(at(shown)).isGreaterThanOrEqualTo(at(placed));
                return;
            }
            replay.resume();
            soon().until(this::inRotation);
        }
        fail("the replica was out of the rotation each time");
    }

    @Test
    void leavesTheRotationWhenItIsTooFarBehindAndComesBackByItself() throws SQLException {
        replay.pause();
        UUID order = shop.place();

        soon().until(() -> !inRotation());
        soon().until(() -> lag() > 1);
        Response old = show(order, "");
        double lagging = counter("primary", "lagging");
        Response again = show(order, "");

        assertThat(old.statusCode()).isEqualTo(200);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(counter("primary", "lagging")).isEqualTo(lagging + 1);

        replay.resume();
        soon().until(this::inRotation);
        assertThat(lag()).isLessThan(0.5);
        double before = reads("replica");
        assertThat(show(order, "").statusCode()).isEqualTo(200);
        assertThat(reads("replica")).isEqualTo(before + 1);
    }

    @Test
    void triesAFailedReadOnThePrimary() throws Exception {
        Response placed = place();
        UUID order = id(placed);
        AtomicBoolean stop = new AtomicBoolean();
        Thread breaker = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                endSessions();
            }
        });

        try {
            for (int i = 0; i < 300; i++) {
                assertThat(show(order, token(placed)).statusCode()).isEqualTo(200);
            }
        } finally {
            stop.set(true);
            breaker.join();
        }
        assertThat(reads("primary")).isPositive();
        soon().until(this::inRotation);
    }

    @Test
    void missesNoEndWhileTheReplicaStandsStill() throws SQLException {
        UUID order = shop.place();
        replay.pause();
        shop.approve(order);

        Response ended = given().header("Prefer", "wait=15").get("/api/v1/orders/" + order);

        assertThat(ended.<String>path("status")).isEqualTo("APPROVED");
        assertThat(show(order, token(ended)).<String>path("status")).isEqualTo("APPROVED");
    }

    private void endSessions() {
        try {
            replay.endSessions();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Response place() {
        return given().header("Idempotency-Key", UUID.randomUUID().toString())
                .contentType("application/json")
                .body(Shop.order())
                .post("/api/v1/orders");
    }

    private static UUID id(Response placed) {
        return UUID.fromString(placed.path("id"));
    }

    private static String token(Response answer) {
        return answer.header(ConsistencyToken.HEADER);
    }

    private static WalPosition at(Response answer) {
        return ConsistencyToken.parse(List.of(token(answer))).of("orders").orElseThrow();
    }

    private static Response show(UUID order, String token) {
        var request = given();
        return (token.isEmpty() ? request : request.header(ConsistencyToken.HEADER, token))
                .get("/api/v1/orders/" + order);
    }

    private boolean inRotation() {
        return meters.get("replica.in.rotation").gauge().value() == 1;
    }

    private double lag() {
        return meters.get("replica.lag").gauge().value();
    }

    private double reads(String node) {
        return meters.find("reads").tag("node", node).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private double counter(String node, String reason) {
        return meters.get("reads")
                .tag("node", node)
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static ConditionFactory soon() {
        return await().atMost(BOUND).pollInterval(Duration.ofMillis(20));
    }
}
