package caravan.saga.runtime;

import caravan.common.contract.OrderCancellationRequested;
import caravan.common.contract.OrderEvent;
import caravan.common.contract.OrderPlaced;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.messaging.IntakeRules;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import caravan.common.messaging.TraceContext;
import caravan.saga.cancelorder.CancelOrder;
import caravan.saga.engine.Action;
import caravan.saga.engine.Direction;
import caravan.saga.engine.Phase.Running;
import caravan.saga.engine.Phase.Stuck;
import caravan.saga.engine.SagaState;
import caravan.saga.engine.Signal;
import caravan.saga.engine.Step;
import caravan.saga.engine.Verb;
import caravan.saga.runtime.SagaStore.Caused;
import caravan.saga.runtime.Turn.Logged;
import caravan.saga.runtime.Turn.Repeated;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code sagas} and {@code saga_steps} in memory, with row locks; above them the production classes: {@link SagaRunner}
 * decides over a {@link Turn}, the sweeper's choice is that of {@link SagaStore#LOCK_DUE} and {@link SagaStore#PUT_OFF}.
 */
public final class SimulatedSagas {

    /** What a faulty orchestrator would do; all false is the real one. */
    public record Faulty(
            boolean noLocks, boolean noResends, boolean checkNotMoved, boolean silenceIsNo, boolean stuckIsDone) {}

    private static final class Row {
        private Instance<?> saga;
        private @Nullable Instant checkAt;
        private final List<Logged> log = new ArrayList<>();

        private Row(Instance<?> saga) {
            this.saga = saga;
        }
    }

    /** A transaction that has read and decided; to be committed or given back, once. */
    public final class Unit {
        private final Turn turn;
        private final Set<UUID> locked;

        private Unit(Turn turn, Set<UUID> locked) {
            this.turn = turn;
            this.locked = locked;
        }

        /** Writes all of it; gives what to send. Throws when another transaction has started one of its sagas. */
        public List<Outgoing> commit() {
            write(turn);
            release();
            return turn.out().stream().map(out -> out.at(turn.now())).toList();
        }

        public void release() {
            locks.removeAll(locked);
            locked.clear();
        }

        public List<SagaAdvanced> events() {
            return turn.log().stream().map(Logged::event).toList();
        }

        /** Signals that changed nothing. */
        public int ignored() {
            return turn.repeated().size();
        }
    }

    /** What all runs of one pace share: the definitions, and the production code over them. */
    public static final class Rules {
        private final SagaRunner runner;

        /** @param settings under {@code caravan.saga}; what is not there has its default */
        @SuppressWarnings("NullAway") // it only decides here: it is never asked to read or write
        public Rules(Map<String, String> settings) {
            SmallRyeConfigBuilder config = new SmallRyeConfigBuilder()
                    .withMapping(SagaConfig.class)
                    .addDefaultInterceptors()
                    .withConverter(Duration.class, 200, new DurationConverter());
            settings.forEach((key, value) -> config.withDefaultValue("caravan.saga." + key, value));
            MeterRegistry meters = new SimpleMeterRegistry();
            this.runner = new SagaRunner(
                    null,
                    null,
                    null,
                    new Definitions(null, config.build().getConfigMapping(SagaConfig.class)),
                    new SagaMetrics(meters),
                    new IntakeRules(SOURCE).messaging(meters));
        }
    }

    /** {@code ce_source} of what it sends. */
    public static final String SOURCE = "saga-orchestrator";

    private final SagaRunner runner;
    private final Faulty faulty;
    private final Map<UUID, Row> rows = new TreeMap<>();
    private final Set<UUID> locks = new HashSet<>();
    private int orders;

    public SimulatedSagas(Rules rules, Faulty faulty) {
        this.runner = rules.runner;
        this.faulty = faulty;
    }

    /** Null while somebody else holds one of its rows. */
    public @Nullable Unit take(List<Received<OrderEvent>> batch, Instant now) {
        return unit(ids(batch, r -> sagaOf(r.message())), batch, now, runner::take);
    }

    /** Null while somebody else holds one of its rows. */
    public @Nullable Unit advance(List<Received<Reply>> batch, Instant now) {
        return unit(ids(batch, r -> r.answeredId().sagaId()), batch, now, runner::advance);
    }

    private static UUID sagaOf(OrderEvent event) {
        return switch (event) {
            case OrderPlaced order -> order.orderId();
            case OrderCancellationRequested request ->
                request.approved() ? CancelOrder.sagaOf(request.orderId()) : request.orderId();
        };
    }

    private static <T> Set<UUID> ids(List<T> batch, Function<T, UUID> of) {
        Set<UUID> ids = new LinkedHashSet<>();
        batch.forEach(item -> ids.add(of.apply(item)));
        return ids;
    }

    private <T> @Nullable Unit unit(Set<UUID> ids, List<T> batch, Instant now, BiConsumer<Turn, T> decide) {
        Set<UUID> there = new LinkedHashSet<>(ids);
        there.retainAll(rows.keySet());
        if (isHeld(there)) {
            return null;
        }
        Turn turn = turn(there, now);
        try {
            decide(turn, batch, decide);
        } catch (RuntimeException fault) {
            locks.removeAll(there);
            throw fault;
        }
        turn.again(causedBy(turn.repeated()));
        return new Unit(turn, there);
    }

    private <T> void decide(Turn turn, List<T> batch, BiConsumer<Turn, T> decide) {
        for (T item : batch) {
            int transitions = turn.log().size();
            int messages = turn.out().size();
            decide.accept(turn, item);
            if (faulty.noResends && turn.log().size() == transitions) {
                turn.out().subList(messages, turn.out().size()).clear();
                turn.repeated().clear();
            }
        }
    }

    private boolean isHeld(Set<UUID> ids) {
        return !faulty.noLocks && ids.stream().anyMatch(locks::contains);
    }

    private Turn turn(Set<UUID> ids, Instant now) {
        locks.addAll(ids);
        Map<UUID, Instance<?>> sagas = new LinkedHashMap<>();
        ids.forEach(id -> sagas.put(id, row(id).saga));
        return new Turn(SOURCE, now, sagas);
    }

    private List<Caused> causedBy(List<Repeated> repeated) {
        List<Caused> caused = new ArrayList<>();
        for (Repeated each : repeated) {
            Row row = rows.get(each.sagaId());
            // One that this very turn starts is not there yet.
            for (Logged logged : row == null ? List.<Logged>of() : row.log) {
                if (logged.cause().equals(each.cause())) {
                    caused.add(new Caused(logged.event(), each.trace()));
                }
            }
        }
        return caused;
    }

    /** Tells the sagas that are due and that nobody holds, oldest deadline first; null when there is none. */
    public @Nullable Unit sweep(Instant now, int limit) {
        List<Row> looked = rows.values().stream()
                .filter(row -> row.checkAt != null && !row.checkAt.isAfter(now))
                .filter(row -> !isHeld(Set.of(row.saga.state().id())))
                .toList();
        Set<UUID> due = new LinkedHashSet<>();
        looked.stream()
                .filter(row -> isDue(row, now))
                .sorted(Comparator.comparing(row -> dueOf(row)))
                .limit(limit)
                .forEach(row -> due.add(row.saga.state().id()));
        looked.stream().filter(row -> !isDue(row, now)).forEach(row -> row.checkAt = dueOf(row));
        if (due.isEmpty()) {
            return null;
        }
        Turn turn = turn(due, now);
        due.forEach(id -> tell(turn, row(id).saga));
        return new Unit(turn, due);
    }

    private static boolean isDue(Row row, Instant now) {
        return !dueOf(row).isAfter(now);
    }

    private static Instant dueOf(Row row) {
        return Objects.requireNonNull(row.saga.state().due(), "looked at without a deadline");
    }

    private void tell(Turn turn, Instance<?> saga) {
        turn.signal(saga, silence(saga), "deadline", saga.trace());
        Instance<?> after = Objects.requireNonNull(turn.saga(saga.state().id()));
        if (faulty.stuckIsDone && after.state().phase() instanceof Stuck at) {
            turn.signal(after, new Signal.Ordered(Verb.SKIP, at.step()), "nobody", saga.trace());
        }
    }

    private Signal silence(Instance<?> saga) {
        if (faulty.silenceIsNo && saga.state().phase() instanceof Running at) {
            Step<?> step = saga.definition().step(at.step()).orElseThrow();
            Action<?> action = Objects.requireNonNull(step.action());
            if (step.undo() != null && at.attempt() > action.policy().resends()) {
                Reply no = new Reply.StockUnavailable("silence", 0, 0);
                return new Signal.Answered(at.step(), Direction.DO, no);
            }
        }
        return new Signal.DeadlinePassed();
    }

    /** As {@link Repairs}; null while somebody holds the saga, or when there is none. */
    public @Nullable Unit order(UUID id, Verb verb, String step, Instant now) {
        if (!rows.containsKey(id) || isHeld(Set.of(id))) {
            return null;
        }
        Turn turn = turn(new LinkedHashSet<>(Set.of(id)), now);
        turn.signal(row(id).saga, new Signal.Ordered(verb, step), "operator:" + ++orders, TraceContext.NONE);
        return new Unit(turn, new LinkedHashSet<>(Set.of(id)));
    }

    private void write(Turn turn) {
        for (Instance<?> saga : turn.started()) {
            UUID id = saga.state().id();
            if (rows.containsKey(id) && !faulty.noLocks) {
                throw new IllegalStateException("duplicate key: sagas_pk " + id);
            }
        }
        for (Instance<?> saga : turn.started()) {
            Row row = rows.computeIfAbsent(saga.state().id(), _ -> new Row(saga));
            row.saga = saga;
            row.checkAt = saga.state().due();
        }
        for (Instance<?> saga : turn.changed()) {
            Row row = row(saga.state().id());
            row.saga = saga;
            row.checkAt = faulty.checkNotMoved
                    ? null
                    : earlier(row.checkAt, saga.state().due());
        }
        turn.log().forEach(logged -> row(logged.event().sagaId()).log.add(logged));
    }

    /** {@code case when due_at is not null then least(check_at, due_at) end}. */
    private static @Nullable Instant earlier(@Nullable Instant check, @Nullable Instant due) {
        return due == null || check == null || due.isBefore(check) ? due : check;
    }

    private Row row(UUID id) {
        return Objects.requireNonNull(rows.get(id), "no such saga");
    }

    /** When the sweeper has to look next; null when no saga waits. */
    public @Nullable Instant nextCheck() {
        return rows.values().stream()
                .map(row -> row.checkAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Whether a transaction holds it. */
    public boolean isLocked(UUID id) {
        return locks.contains(id);
    }

    public Collection<SagaState<?>> states() {
        List<SagaState<?>> states = new ArrayList<>();
        rows.values().forEach(row -> states.add(row.saga.state()));
        return states;
    }

    public @Nullable SagaState<?> state(UUID id) {
        Row row = rows.get(id);
        return row == null ? null : row.saga.state();
    }

    public List<SagaAdvanced> log(UUID id) {
        return row(id).log.stream().map(Logged::event).toList();
    }

    /** As {@link EndedSweeper}, once all have ended long ago. */
    public void forgetAll() {
        rows.clear();
    }
}
