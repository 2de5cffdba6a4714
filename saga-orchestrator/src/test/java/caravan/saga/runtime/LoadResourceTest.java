package caravan.saga.runtime;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
@TestProfile(SagaRunnerTest.Impatient.class)
class LoadResourceTest {

    /** With a deadline far away, so that nobody touches them. */
    private static final String BEGIN = """
            insert into sagas (id, order_id, definition_id, phase, step, attempt, version, step_started_at, due_at,
                               check_at, started_at, data)
            select gen_random_uuid(), gen_random_uuid(), (select min(id) from saga_definitions), 'RUNNING', 'load-test',
                   0, 0, now(), now() + interval '1 hour', now() + interval '1 hour', now(), '{}'
            from generate_series(1, 50)""";

    private static final String END =
            "update sagas set phase = 'COMPLETED', step = null, due_at = null, check_at = null where step = 'load-test'";

    @Inject
    Pool pool;

    @AfterEach
    void removesWhatItMade() {
        run("delete from sagas where data = '{}'");
    }

    @Test
    void saysHowManySagasAreOpenAndHowFastTheyEnd() {
        run(BEGIN);
        // The first request of a test run loads much on a busy machine: outside of the bounded waits.
        given().get("/internal/load");
        await().atMost(30, SECONDS).untilAsserted(() -> assertThat(load("open")).isGreaterThanOrEqualTo(50));

        run(END);

        await().atMost(30, SECONDS).untilAsserted(() -> {
            assertThat(load("open")).isLessThan(50);
            assertThat(load("endedPerSecond")).isPositive();
        });
    }

    private static double load(String member) {
        return given().get("/internal/load")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getDouble(member);
    }

    private void run(String sql) {
        pool.query(sql).execute().await().atMost(Duration.ofSeconds(5));
    }
}
