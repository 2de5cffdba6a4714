package caravan.saga.runtime;

import caravan.common.contract.MessageTypes;
import caravan.common.messaging.DeadLetters;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outbox;
import caravan.common.messaging.OutboxRelay;
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import caravan.saga.runtime.SetAside.Late;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Takes up what another build has {@link SetAside}, as if it came only now. Nothing redelivers it, so what it causes goes through the
 * outbox.
 */
@Singleton
class Latecomers {

    private final Pool pool;
    private final SagaStore store;
    private final SetAside aside;
    private final SagaRunner runner;
    private final Definitions definitions;
    private final SagaMetrics metrics;
    private final SagaConfig config;
    private final OutboxRelay relay;
    private final DeadLetters deadLetters;
    private final String source;

    Latecomers(
            Pool pool,
            SagaStore store,
            SetAside aside,
            SagaRunner runner,
            Definitions definitions,
            SagaMetrics metrics,
            SagaConfig config,
            OutboxRelay relay,
            DeadLetters deadLetters,
            Messaging messaging) {
        this.pool = pool;
        this.store = store;
        this.aside = aside;
        this.runner = runner;
        this.definitions = definitions;
        this.metrics = metrics;
        this.config = config;
        this.relay = relay;
        this.deadLetters = deadLetters;
        this.source = messaging.source();
    }

    private record Taken(Turn turn, int messages) {}

    /** One batch; gives how many that were. */
    Uni<Integer> takeUp() {
        return Transactions.run(
                        pool,
                        tx -> aside.take(tx, definitions.known(), config.sweepBatch())
                                .chain(late -> handle(tx, late)))
                .invoke(taken -> {
                    metrics.count(taken.turn);
                    if (taken.messages > 0) {
                        relay.wake();
                    }
                })
                .map(Taken::messages);
    }

    private Uni<Writes<Taken>> handle(SqlConnection tx, List<Late> late) {
        if (late.isEmpty()) {
            return Uni.createFrom().item(Writes.none(new Taken(new Turn(source, Instant.now(), Map.of()), 0)));
        }
        return store.lock(tx, late.stream().map(Late::sagaId).toList()).chain(locked -> {
            Turn turn = new Turn(source, Instant.now(), locked.sagas());
            return bury(late, each -> apply(turn, each))
                    .chain(() -> store.recall(tx, turn))
                    .map(_ -> new Writes<>(
                            new Taken(turn, late.size()), store.save(tx, turn, List.of(Outbox.add(tx, turn.out())))));
        });
    }

    /** What nobody can handle holds up nobody (rule 10). */
    private Uni<Void> bury(List<Late> late, Consumer<Late> apply) {
        Uni<Void> buried = Uni.createFrom().voidItem();
        for (Late each : late) {
            try {
                apply.accept(each);
            } catch (RuntimeException e) {
                buried = buried.chain(() -> deadLetters.bury(each.record(), e));
            }
        }
        return buried;
    }

    private void apply(Turn turn, Late late) {
        if (late.isReply()) {
            runner.advance(turn, late.as(MessageTypes.REPLIES));
        } else {
            runner.take(turn, late.as(MessageTypes.ORDER_EVENTS));
        }
    }
}
