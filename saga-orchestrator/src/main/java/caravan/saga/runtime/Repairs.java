package caravan.saga.runtime;

import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outbox;
import caravan.common.messaging.OutboxRelay;
import caravan.common.messaging.TraceContext;
import caravan.common.sql.Columns;
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import caravan.saga.engine.Decision;
import caravan.saga.engine.Ignored;
import caravan.saga.engine.Signal;
import caravan.saga.engine.Verb;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives sagas an operator's orders. The order, what the saga makes of it and what it sends are one transaction; nothing redelivers
 * an operator, so commands and events go through the outbox.
 */
@Singleton
public class Repairs {

    /** In one transaction, with their locks. */
    public static final int MOST_AT_ONCE = 200;

    private static final String STORE = """
            insert into operator_orders (id, saga_id, step, verb, reason, operator, ordered_at)
            select o.id, o.saga_id, o.step, $4::text, $5::text, $6::text, $7::timestamptz
            from unnest($1::uuid[], $2::uuid[], $3::text[]) as o (id, saga_id, step)""";

    /**
     * What an operator orders.
     *
     * @param steps where each saga was seen
     * @param operator who: the subject of the token
     * @param trace of the request
     */
    public record Order(
            Verb verb,
            Map<UUID, String> steps,
            String operator,
            @Nullable String reason,
            TraceContext trace) {

        public Order {
            steps = Map.copyOf(steps);
            if (steps.size() > MOST_AT_ONCE) {
                throw new IllegalArgumentException("at most " + MOST_AT_ONCE + " sagas at once");
            }
        }
    }

    /** What became of it for one saga. */
    public sealed interface Outcome {

        record Done() implements Outcome {}

        record Refused(Ignored why) implements Outcome {}

        record Unknown() implements Outcome {}
    }

    private record Ordered(UUID id, UUID saga, String step) {}

    private final Pool pool;
    private final SagaStore store;
    private final SagaMetrics metrics;
    private final OutboxRelay relay;
    private final String source;

    Repairs(Pool pool, SagaStore store, SagaMetrics metrics, OutboxRelay relay, Messaging messaging) {
        this.pool = pool;
        this.store = store;
        this.metrics = metrics;
        this.relay = relay;
        this.source = messaging.source();
    }

    /** The outcome for each saga, once it is durable. */
    public Uni<Map<UUID, Outcome>> order(Order order) {
        return Transactions.run(
                        pool,
                        tx -> store.lock(tx, order.steps().keySet()).map(locked -> {
                            Turn turn = new Turn(source, Instant.now(), locked.sagas());
                            List<Ordered> done = new ArrayList<>();
                            Map<UUID, Outcome> outcomes = new LinkedHashMap<>();
                            order.steps().forEach((id, step) -> outcomes.put(id, apply(turn, order, id, step, done)));
                            locked.foreign().forEach(id -> outcomes.put(id, new Outcome.Refused(Ignored.FOREIGN)));
                            locked.over().forEach(id -> outcomes.put(id, new Outcome.Refused(Ignored.ENDED)));
                            return new Writes<>(new Result(turn, outcomes), writes(tx, turn, order, done));
                        }))
                .invoke(result -> {
                    metrics.count(result.turn);
                    relay.wake();
                })
                .map(Result::outcomes);
    }

    private record Result(Turn turn, Map<UUID, Outcome> outcomes) {}

    private static Outcome apply(Turn turn, Order order, UUID id, String step, List<Ordered> done) {
        Instance<?> saga = turn.saga(id);
        if (saga == null) {
            return new Outcome.Unknown();
        }
        Ordered ordered = new Ordered(UUID.randomUUID(), id, step);
        Decision<?> decision =
                turn.signal(saga, new Signal.Ordered(order.verb(), step), "operator:" + ordered.id, order.trace());
        return switch (decision) {
            case Decision.Advance<?> _ -> {
                done.add(ordered);
                yield new Outcome.Done();
            }
            case Decision.Ignore<?> ignore -> new Outcome.Refused(ignore.why());
            case Decision.Resend<?> _ -> throw new IllegalStateException("an order is no redelivery: " + ordered);
        };
    }

    private List<Uni<Void>> writes(SqlConnection tx, Turn turn, Order order, List<Ordered> done) {
        if (done.isEmpty()) {
            return List.of();
        }
        return store.save(tx, turn, List.of(store(tx, turn.now(), order, done), Outbox.add(tx, turn.out())));
    }

    private static Uni<Void> store(SqlConnection tx, Instant now, Order order, List<Ordered> done) {
        Tuple rows = Columns.of(done)
                .uuid(Ordered::id)
                .uuid(Ordered::saga)
                .text(Ordered::step)
                .tuple()
                .addString(order.verb().name())
                .addString(order.reason())
                .addString(order.operator())
                .addOffsetDateTime(now.atOffset(ZoneOffset.UTC));
        return tx.preparedQuery(STORE).execute(rows).replaceWithVoid();
    }
}
