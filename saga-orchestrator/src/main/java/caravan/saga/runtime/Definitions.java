package caravan.saga.runtime;

import caravan.saga.cancelorder.CancelOrder;
import caravan.saga.cancelorder.CancelOrderSaga;
import caravan.saga.engine.Definition;
import caravan.saga.placeorder.PlaceOrder;
import caravan.saga.placeorder.PlaceOrderSaga;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The definitions this build knows, by the number that sagas are stored with (rule 9). The process does not start while
 * an open saga's definition is missing here: it would be nobody's. A newer build that starts later may begin sagas of
 * definitions that are unknown here; these are left to it.
 */
@Singleton
class Definitions {

    private static final Duration START = Duration.ofSeconds(30);

    private static final String REGISTER = """
            insert into saga_definitions (name, hash) values ($1, $2)
            on conflict (name, hash) do update set name = excluded.name
            returning id""";

    private static final String ORPHANED = """
            select d.name, d.hash, count(*) as sagas
            from sagas s join saga_definitions d on d.id = s.definition_id
            where (s.check_at is not null or s.phase = 'STUCK') and d.id <> all($1)
            group by d.name, d.hash""";

    private final Pool pool;
    private final List<Definition<PlaceOrder>> placeOrder;
    private final List<Definition<CancelOrder>> cancelOrder;
    private final Map<Integer, Definition<?>> byId = new ConcurrentHashMap<>();
    private final Map<String, Integer> ids = new ConcurrentHashMap<>();

    Definitions(Pool pool, SagaConfig config) {
        this.pool = pool;
        this.placeOrder = PlaceOrderSaga.editions(config.placeOrder().tuning());
        this.cancelOrder = CancelOrderSaga.editions(config.cancelOrder().tuning());
    }

    /** Before any consumer starts. */
    void register(@Observes @Priority(2) StartupEvent event) {
        for (Definition<?> definition :
                Stream.concat(placeOrder.stream(), cancelOrder.stream()).toList()) {
            int id = pool.preparedQuery(REGISTER)
                    .execute(Tuple.of(definition.name(), definition.hash()))
                    .map(rows -> rows.iterator().next().getInteger("id"))
                    .await()
                    .atMost(START);
            byId.put(id, definition);
            ids.put(definition.hash(), id);
        }
        refuseOrphans();
    }

    private void refuseOrphans() {
        List<String> gone = new ArrayList<>();
        for (Row row :
                pool.preparedQuery(ORPHANED).execute(Tuple.of(known())).await().atMost(START)) {
            gone.add("%d sagas of %s %s".formatted(row.getLong("sagas"), row.getString("name"), row.getString("hash")));
        }
        if (!gone.isEmpty()) {
            throw new IllegalStateException(
                    "this build lacks the definition of open sagas: %s. Deploy the build that has it, or repair them first."
                            .formatted(String.join(", ", gone)));
        }
    }

    /** What this build's sagas are called. */
    List<String> names() {
        return List.of(placeOrder().name(), cancelOrder().name());
    }

    /** What a new saga follows. */
    Definition<PlaceOrder> placeOrder() {
        return placeOrder.getFirst();
    }

    /** What a new saga follows. */
    Definition<CancelOrder> cancelOrder() {
        return cancelOrder.getFirst();
    }

    /** Empty for one that only a newer build knows. */
    Optional<Definition<?>> byId(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The numbers of all that are known here. */
    Integer[] known() {
        return byId.keySet().toArray(Integer[]::new);
    }

    int idOf(String hash) {
        Integer id = ids.get(hash);
        if (id == null) {
            throw new IllegalStateException("no definition has the hash " + hash);
        }
        return id;
    }
}
