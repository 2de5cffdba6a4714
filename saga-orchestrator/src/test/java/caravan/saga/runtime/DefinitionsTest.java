package caravan.saga.runtime;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import caravan.fleet.testing.Backends;
import caravan.saga.runtime.SagaRunnerTest.Impatient;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
@TestProfile(Impatient.class)
class DefinitionsTest {

    private static final String STUCK_SAGA = """
            with gone as (
              insert into saga_definitions (name, hash) values ('place-order', 'gone')
              on conflict (name, hash) do update set name = excluded.name returning id)
            insert into sagas (id, order_id, definition_id, phase, step, attempt, version, step_started_at, started_at, data)
            select $1, $1, gone.id, 'STUCK', 'reserve-stock', 0, 3, now(), now(), '{}' from gone""";

    @Inject
    Pool pool;

    @Inject
    Definitions definitions;

    @Test
    void refusesToStartWhileAnOpenSagasDefinitionIsGoneAndSaysWhich() {
        UUID saga = UUID.randomUUID();
        run(STUCK_SAGA, saga);
        try {
            assertThatIllegalStateException()
                    .isThrownBy(() -> definitions.register(new StartupEvent()))
                    .withMessageContaining("1 sagas of place-order gone");
        } finally {
            run("delete from sagas where id = $1", saga);
        }

        assertThatNoException().isThrownBy(() -> definitions.register(new StartupEvent()));
    }

    private void run(String sql, UUID saga) {
        pool.preparedQuery(sql).execute(Tuple.of(saga)).await().atMost(Duration.ofSeconds(5));
    }
}
