package caravan.order;

import static caravan.order.CancelServiceTest.cancel;
import static caravan.order.CancelServiceTest.count;
import static caravan.order.CancelServiceTest.key;
import static caravan.order.CancelServiceTest.place;
import static caravan.order.CancelServiceTest.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Topics;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that wait for as long as it takes the saga to decide. */
@QuarkusTest
@WithTestResource(Backends.class)
@TestProfile(CancelDecisionTest.Patient.class)
class CancelDecisionTest {

    public static final class Patient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("caravan.order.cancel.decision-within", "60s");
        }
    }

    private static final Duration BOUND = Duration.ofSeconds(20);

    @Inject
    Pool pool;

    @AfterEach
    void logOut() {
        Customer.nobodyAsks();
    }

    @BeforeEach
    void stockTheShelves() {
        Customer.ADA.asks();
        try (Wire wire = new Wire(Topics.SAGA_REPLIES)) {
            CancelServiceTest.stock(wire, pool);
        }
    }

    @Test
    void saysThatTheParcelHasLeftAsSoonAsTheOrderKnows() throws Exception {
        UUID order = place();

        Response response = whileWaiting(
                order,
                "update orders set cancel_requested_at = null, cancel_said_at = null, cancel_refused_at = now() where id = $1");

        problem(response, 409, "already-dispatched");
    }

    @Test
    void saysThatItIsBeingCancelledAsSoonAsItIs() throws Exception {
        UUID order = place();

        Response response = whileWaiting(order, "update order_views set status = 'CANCELLING' where order_id = $1");

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.<String>path("status")).isEqualTo("CANCELLING");
    }

    /** Waits without a connection: more requests than the pool has could all wait, and the order could still be read. */
    @Test
    void holdsNoConnectionWhileItWaits() throws Exception {
        UUID order = place();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                var _ = threads.submit(() -> cancel(order, key(), ""));
            }
            await().atMost(BOUND).until(() -> keysOf(order) == 21);

            pool.preparedQuery("update orders set status = 'CANCELLED', cancel_said_at = null where id = $1")
                    .execute(Tuple.of(order))
                    .await()
                    .atMost(BOUND);
        }

        assertThat(count(
                        pool,
                        "select count(*) as n from idempotency_keys where answer = '' and order_id = '" + order + "'"))
                .isZero();
    }

    /** What the projection and KeepOrder do; topics would only take their time. */
    private Response whileWaiting(UUID order, String decision) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> waiting = threads.submit(() -> cancel(order, key(), ""));
            await().atMost(BOUND).until(() -> keysOf(order) == 2);
            assertThat(waiting.isDone()).isFalse();
            pool.preparedQuery(decision).execute(Tuple.of(order)).await().atMost(BOUND);
            return waiting.get(20, TimeUnit.SECONDS);
        }
    }

    /** Its own, and those of requests to cancel it. */
    private long keysOf(UUID order) {
        return count(pool, "select count(*) as n from idempotency_keys where order_id = '" + order + "'");
    }
}
