package caravan.saga.runtime;

import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.What;
import caravan.common.log.Facts;
import caravan.common.messaging.Faults;
import caravan.common.messaging.TraceContext;
import caravan.common.metric.Buckets;
import caravan.saga.engine.Ignored;
import caravan.saga.engine.Phase;
import caravan.saga.runtime.Turn.Logged;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.context.Scope;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.vertx.VertxContext;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * All meters of the orchestrator, and the log line of a saga that is stuck. Tags come from enums and definitions, never from
 * ids. Everything is counted after the commit.
 *
 * <p>{@code saga.open} is the table's, the same for all replicas, and not a number while nobody can read it.
 */
@Singleton
class SagaMetrics {

    private static final Logger LOG = Logger.getLogger(SagaMetrics.class);

    /** A saga has no sleep in it and ends within seconds; what takes a minute waits for somebody who is away. */
    private static final List<Duration> EDGES = IntStream.of(100, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toList();

    /** Nobody is woken by the figure within seconds, and each look may touch as many rows as are counted. */
    private static final long COUNT_OPEN_EVERY_MS = 5_000;

    /** As in {@link SagaLoad}: beyond this it does not matter how many. */
    private static final int MOST_COUNTED = 20_000;

    static final String OPEN = """
            select d.name, o.open
            from (select definition_id, count(*) as open
                  from (select definition_id from sagas where check_at is not null limit %d) s
                  group by definition_id) o
            join saga_definitions d on d.id = o.definition_id""".formatted(MOST_COUNTED);

    private record Transition(String saga, String step, What what) {}

    private record StepEnd(String saga, String step, String outcome) {}

    private record SagaEnd(String saga, String outcome) {}

    private record Ended(Counter count, Timer duration) {}

    private final MeterRegistry meters;
    private final Map<String, Counter> started = new ConcurrentHashMap<>();
    private final Map<Transition, Counter> transitions = new ConcurrentHashMap<>();
    private final Map<StepEnd, Timer> steps = new ConcurrentHashMap<>();
    private final Map<SagaEnd, Ended> ends = new ConcurrentHashMap<>();
    private final Map<Ignored, Counter> ignored = new EnumMap<>(Ignored.class);
    private final Counter unknownSaga;
    private final Counter forgotten;
    private final Counter setAside;
    private final AtomicLong orphans;
    private final AtomicLong stuck;
    private volatile Map<String, Long> open = Map.of();
    private volatile boolean openIsKnown;

    SagaMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.orphans = meters.gauge("saga.orphans", new AtomicLong());
        this.stuck = meters.gauge("saga.stuck", new AtomicLong());
        this.unknownSaga = meters.counter("saga.ignored", "why", "unknown_saga");
        this.forgotten = meters.counter("saga.forgotten");
        this.setAside = meters.counter("saga.set.aside");
        for (Ignored why : Ignored.values()) {
            ignored.put(why, meters.counter("saga.ignored", "why", lower(why)));
        }
    }

    void start(@Observes StartupEvent event, Definitions definitions, Pool pool, Vertx vertx) {
        for (String saga : definitions.names()) {
            // From the start, at 0: one that appears with its first saga has no increase for Prometheus.
            of(started, saga, this::starts);
            for (SagaAdvanced.Phase end : List.of(SagaAdvanced.Phase.COMPLETED, SagaAdvanced.Phase.COMPENSATED)) {
                of(ends, new SagaEnd(saga, lower(end)), this::ends);
            }
            Gauge.builder("saga.open", this, metrics -> metrics.openOf(saga))
                    .tag("saga", saga)
                    .strongReference(true)
                    .register(meters);
        }
        countOpen(pool);
        vertx.setPeriodic(COUNT_OPEN_EVERY_MS, _ -> countOpen(pool));
    }

    private void countOpen(Pool pool) {
        pool.query(OPEN).execute().subscribe().with(this::learnOpen, fault -> {
            openIsKnown = false;
            LOG.debugf("nobody knows how many sagas are open: %s", Faults.describe(fault));
        });
    }

    private void learnOpen(RowSet<Row> rows) {
        open = Map.copyOf(byName(rows));
        openIsKnown = true;
    }

    /** What {@link #OPEN} has counted. A definition has as many rows as it had editions. */
    static Map<String, Long> byName(RowSet<Row> rows) {
        Map<String, Long> counted = new TreeMap<>();
        rows.forEach(row -> counted.merge(row.getString("name"), row.getLong("open"), Long::sum));
        return counted;
    }

    private double openOf(String saga) {
        return openIsKnown ? open.getOrDefault(saga, 0L).doubleValue() : Double.NaN;
    }

    /** After the commit. */
    void count(Turn turn) {
        turn.log().forEach(this::count);
        turn.ignored()
                .forEach(
                        (why, times) -> Objects.requireNonNull(ignored.get(why)).increment(times));
    }

    private void count(Logged logged) {
        SagaAdvanced event = logged.event();
        of(transitions, new Transition(event.saga(), event.step(), event.what()), this::transitions)
                .increment();
        switch (event.what()) {
            case STARTED -> of(started, event.saga(), this::starts).increment();
            case DONE, UNDONE, REJECTED -> stepEnded(logged, lower(event.what()));
            case TIMED_OUT, CANCELLED -> stepEnded(logged, "unknown");
            case STUCK -> tellStuck(logged);
            case DEFERRED, RESENT -> {}
        }
        switch (event.phase()) {
            case COMPLETED, COMPENSATED -> sagaEnded(logged);
            case RUNNING, UNDOING, STUCK -> {}
        }
    }

    private void stepEnded(Logged logged, String outcome) {
        SagaAdvanced event = logged.event();
        Instant began = switch (logged.before().state().phase()) {
            case Phase.Running at -> at.stepStartedAt();
            case Phase.Undoing at -> at.stepStartedAt();
            case Phase.Stuck at -> at.since();
            case Phase.Completed at -> at.at();
            case Phase.Compensated at -> at.at();
        };
        of(steps, new StepEnd(event.saga(), event.step(), outcome), this::steps).record(between(began, event.at()));
    }

    private void sagaEnded(Logged logged) {
        SagaAdvanced event = logged.event();
        Ended ended = of(ends, new SagaEnd(event.saga(), lower(event.phase())), this::ends);
        ended.count().increment();
        Duration took = between(logged.before().state().startedAt(), event.at());
        within(logged.before().trace(), () -> ended.duration().record(took));
    }

    /** That is where the exemplar of a bucket leads. Only on a context of its own does a span become the current one. */
    private static void within(TraceContext trace, Runnable record) {
        Context own = trace.isSampled() ? VertxContext.createNewDuplicatedContext() : null;
        if (own == null) {
            record.run();
            return;
        }
        own.runOnContext(_ -> {
            try (Scope _ = trace.toContext().makeCurrent()) {
                record.run();
            }
        });
    }

    private static void tellStuck(Logged logged) {
        SagaAdvanced event = logged.event();
        TraceContext trace = logged.before().trace();
        Facts.ofOrder(event.orderId())
                .saga(event.sagaId())
                .step(event.step())
                .trace(trace.traceId(), trace.spanId())
                .tell(() -> LOG.errorf("%s is stuck: its undo gets no answer", event.saga()));
    }

    void forgotten(int sagas) {
        forgotten.increment(sagas);
    }

    /** For a saga whose definition only a newer build knows. */
    void setAside(int records) {
        setAside.increment(records);
    }

    void unknownSaga() {
        unknownSaga.increment();
    }

    /** Open sagas that are overdue by more than two sweeps: must be 0 (rule 7). */
    void orphans(long count) {
        orphans.set(count);
    }

    void stuck(long count) {
        stuck.set(count);
    }

    private Counter starts(String saga) {
        return meters.counter("saga.started", "saga", saga);
    }

    private Counter transitions(Transition of) {
        return meters.counter("saga.transitions", "saga", of.saga(), "step", of.step(), "what", lower(of.what()));
    }

    private Timer steps(StepEnd of) {
        return Buckets.timer(
                meters, "saga.step.duration", EDGES, "saga", of.saga(), "step", of.step(), "outcome", of.outcome());
    }

    private Ended ends(SagaEnd of) {
        return new Ended(
                meters.counter("saga.finished", "saga", of.saga(), "outcome", of.outcome()),
                Buckets.timer(meters, "saga.duration", EDGES, "saga", of.saga(), "outcome", of.outcome()));
    }

    private static Duration between(Instant from, Instant to) {
        // Another replica's clock may have told where it began.
        return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
    }

    private static <K, M> M of(Map<K, M> made, K key, Function<K, M> make) {
        M meter = made.get(key);
        return meter == null ? made.computeIfAbsent(key, make) : meter;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
