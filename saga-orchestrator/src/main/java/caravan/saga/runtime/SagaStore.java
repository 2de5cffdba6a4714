package caravan.saga.runtime;

import caravan.common.contract.Failure;
import caravan.common.contract.SagaAdvanced;
import caravan.common.log.Facts;
import caravan.common.messaging.Json;
import caravan.common.messaging.TraceContext;
import caravan.saga.engine.Definition;
import caravan.saga.engine.Phase;
import caravan.saga.engine.SagaState;
import caravan.saga.runtime.Turn.Logged;
import caravan.saga.runtime.Turn.Repeated;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sagas in PostgreSQL. A batch costs the same number of statements whatever its size. */
@Singleton
class SagaStore {

    private static final Logger LOG = Logger.getLogger(SagaStore.class);

    private static final String COLUMNS = """
            id, order_id, definition_id, phase, step, attempt, version, step_started_at, due_at, started_at,
            failure_code, failure_detail, data, sent_traceparent, traceparent, tracestate, baggage""";

    /** In the order of their ids, so that two batches cannot wait for each other. */
    static final String LOCK = "select " + COLUMNS + " from sagas where id = any($1) order by id for update";

    static final String LOCK_DUE = "select " + COLUMNS + """
             from sagas where check_at <= $1 and due_at <= $1 and definition_id = any($3)
            order by due_at limit $2 for update skip locked""";

    /** Sagas that have got on since somebody was to look at them: to be looked at when their new deadline passes. */
    static final String PUT_OFF = """
            update sagas set check_at = due_at
            where id in (select id from sagas where check_at <= $1 and due_at > $1
                         order by check_at limit $2 for update skip locked)""";

    private static final String INSERT = "insert into sagas (" + COLUMNS + """
            , check_at)
            select s.*, s.due_at from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::int[], $7::int[],
              $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[], $13::text[],
              $14::text[], $15::text[], $16::text[], $17::text[]) as s (
            """ + COLUMNS + ")";

    private static final String UPDATE = """
            update sagas s set phase = k.phase, step = k.step, attempt = k.attempt, version = k.version,
              step_started_at = k.step_started_at, due_at = k.due_at,
              check_at = case when k.due_at is not null then least(s.check_at, k.due_at) end, failure_code = k.failure_code,
              failure_detail = k.failure_detail, data = k.data, sent_traceparent = k.sent_traceparent
            from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::int[], $6::timestamptz[],
              $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::text[])
              as k (id, phase, step, attempt, version, step_started_at, due_at, failure_code, failure_detail, data,
                sent_traceparent)
            where s.id = k.id""";

    private static final String ADD_STEPS = """
            insert into saga_steps (saga_id, sequence, cause, event)
            select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[])""";

    static final String CAUSED_BY = """
            select s.event, k.traceparent, k.tracestate, k.baggage
            from saga_steps s
            join unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])
              as k (saga_id, cause, traceparent, tracestate, baggage)
              on s.saga_id = k.saga_id and s.cause = k.cause
            order by s.saga_id, s.sequence""";

    /**
     * Sagas that are locked.
     *
     * @param foreign those whose definition only a newer build knows: whoever has it decides
     * @param over those of such a definition that have ended: there is nothing to decide
     */
    record Locked(Map<UUID, Instance<?>> sagas, Set<UUID> foreign, Set<UUID> over) {}

    /** A transition's event, and the trace to send it in. */
    record Caused(SagaAdvanced event, TraceContext trace) {}

    private final Pool pool;
    private final Definitions definitions;

    SagaStore(Pool pool, Definitions definitions) {
        this.pool = pool;
        this.definitions = definitions;
    }

    /** The sagas that exist, locked until the transaction ends. */
    Uni<Locked> lock(SqlConnection tx, Collection<UUID> ids) {
        return tx.preparedQuery(LOCK)
                .execute(Tuple.of(ids.stream().distinct().toArray(UUID[]::new)))
                .map(this::locked);
    }

    /** Gives how many sagas, of those that were to be looked at, have a deadline to come; at most {@code limit}. */
    Uni<Integer> putOff(Instant now, int limit) {
        return pool.preparedQuery(PUT_OFF).execute(Tuple.of(utc(now), limit)).map(RowSet::rowCount);
    }

    /**
     * Sagas of known definitions whose deadline has passed and that nobody handles now, oldest first; without those that cannot be read, which
     * hold up nobody else.
     */
    Uni<Map<UUID, Instance<?>>> lockDue(SqlConnection tx, Instant now, int limit) {
        return tx.preparedQuery(LOCK_DUE)
                .execute(Tuple.of(utc(now), limit, definitions.known()))
                .map(this::readable);
    }

    /** What writes down what a turn has changed, and what else there is to write. Fails when somebody else has started one of its sagas meanwhile. */
    List<Uni<Void>> save(SqlConnection tx, Turn turn, List<Uni<Void>> besides) {
        return Stream.concat(
                        Stream.of(insert(tx, turn.started()), update(tx, turn.changed()), log(tx, turn.log())),
                        besides.stream())
                .toList();
    }

    /** Has the turn send again what messages that have come again caused then. */
    Uni<Turn> recall(SqlConnection tx, Turn turn) {
        return causedBy(tx, turn.repeated()).invoke(turn::again).replaceWith(turn);
    }

    /** The events of transitions whose cause has come again; not those of this turn, which it sends anyway. */
    private Uni<List<Caused>> causedBy(SqlConnection tx, List<Repeated> repeated) {
        if (repeated.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        Tuple keys = Tuple.tuple()
                .addArrayOfUUID(column(repeated, Repeated::sagaId, UUID[]::new))
                .addArrayOfString(column(repeated, Repeated::cause, String[]::new))
                .addArrayOfString(column(repeated, r -> r.trace().traceparent(), String[]::new))
                .addArrayOfString(column(repeated, r -> r.trace().tracestate(), String[]::new))
                .addArrayOfString(column(repeated, r -> r.trace().baggage(), String[]::new));
        return tx.preparedQuery(CAUSED_BY).execute(keys).map(rows -> {
            List<Caused> caused = new ArrayList<>();
            for (Row row : rows) {
                caused.add(new Caused(Json.read(row.getString("event"), SagaAdvanced.class), trace(row)));
            }
            return caused;
        });
    }

    private Uni<Void> insert(SqlConnection tx, List<Instance<?>> sagas) {
        if (sagas.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple rows = Tuple.tuple()
                .addArrayOfUUID(column(sagas, s -> s.state().id(), UUID[]::new))
                .addArrayOfUUID(column(sagas, s -> s.state().orderId(), UUID[]::new))
                .addArrayOfInteger(
                        column(sagas, s -> definitions.idOf(s.definition().hash()), Integer[]::new));
        progress(rows, sagas);
        rows.addArrayOfOffsetDateTime(column(sagas, s -> utc(s.state().startedAt()), OffsetDateTime[]::new));
        outcome(rows, sagas);
        rows.addArrayOfString(column(sagas, s -> s.trace().traceparent(), String[]::new))
                .addArrayOfString(column(sagas, s -> s.trace().tracestate(), String[]::new))
                .addArrayOfString(column(sagas, s -> s.trace().baggage(), String[]::new));
        return tx.preparedQuery(INSERT).execute(rows).replaceWithVoid();
    }

    private static Uni<Void> update(SqlConnection tx, List<Instance<?>> sagas) {
        if (sagas.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple rows = Tuple.tuple().addArrayOfUUID(column(sagas, s -> s.state().id(), UUID[]::new));
        progress(rows, sagas);
        outcome(rows, sagas);
        return tx.preparedQuery(UPDATE).execute(rows).replaceWithVoid();
    }

    private static Uni<Void> log(SqlConnection tx, List<Logged> log) {
        if (log.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple rows = Tuple.tuple()
                .addArrayOfUUID(column(log, l -> l.event().sagaId(), UUID[]::new))
                .addArrayOfInteger(column(log, l -> l.event().sequence(), Integer[]::new))
                .addArrayOfString(column(log, Logged::cause, String[]::new))
                .addArrayOfString(column(log, l -> Json.text(l.event()), String[]::new));
        return tx.preparedQuery(ADD_STEPS).execute(rows).replaceWithVoid();
    }

    /** phase, step, attempt, version, step_started_at, due_at */
    private static void progress(Tuple rows, List<Instance<?>> sagas) {
        List<Place> places =
                sagas.stream().map(s -> Place.of(s.state().phase())).toList();
        rows.addArrayOfString(column(sagas, s -> s.state().phase().kind().name(), String[]::new))
                .addArrayOfString(column(places, Place::step, String[]::new))
                .addArrayOfInteger(column(places, Place::attempt, Integer[]::new))
                .addArrayOfInteger(column(sagas, s -> s.state().version(), Integer[]::new))
                .addArrayOfOffsetDateTime(column(places, p -> utc(p.since()), OffsetDateTime[]::new))
                .addArrayOfOffsetDateTime(column(sagas, s -> utc(s.state().due()), OffsetDateTime[]::new));
    }

    /** failure_code, failure_detail, data, sent_traceparent */
    private static void outcome(Tuple rows, List<Instance<?>> sagas) {
        rows.addArrayOfString(column(sagas, s -> code(s.state().failure()), String[]::new))
                .addArrayOfString(column(sagas, s -> detail(s.state().failure()), String[]::new))
                .addArrayOfString(column(sagas, s -> Json.text(s.state().data()), String[]::new))
                .addArrayOfString(column(sagas, s -> s.sent().traceparent(), String[]::new));
    }

    private Locked locked(RowSet<Row> rows) {
        Locked locked = new Locked(new LinkedHashMap<>(), new HashSet<>(), new HashSet<>());
        for (Row row : rows) {
            UUID id = row.getUUID("id");
            definitions
                    .byId(row.getInteger("definition_id"))
                    .ifPresentOrElse(
                            definition -> locked.sagas.put(id, instance(row, definition)),
                            () -> (hasEnded(row) ? locked.over : locked.foreign).add(id));
        }
        return locked;
    }

    private Map<UUID, Instance<?>> readable(RowSet<Row> rows) {
        Map<UUID, Instance<?>> sagas = new LinkedHashMap<>();
        for (Row row : rows) {
            UUID id = row.getUUID("id");
            try {
                definitions
                        .byId(row.getInteger("definition_id"))
                        .ifPresent(definition -> sagas.put(id, instance(row, definition)));
            } catch (RuntimeException e) {
                Facts.NONE.saga(id).tell(() -> LOG.errorf(e, "a deadline waits: its saga cannot be read"));
            }
        }
        return sagas;
    }

    private static boolean hasEnded(Row row) {
        return switch (SagaAdvanced.Phase.valueOf(row.getString("phase"))) {
            case COMPLETED, COMPENSATED -> true;
            case RUNNING, UNDOING, STUCK -> false;
        };
    }

    private static <D> Instance<D> instance(Row row, Definition<D> definition) {
        OffsetDateTime due = row.getOffsetDateTime("due_at");
        String code = row.getString("failure_code");
        SagaState<D> state = new SagaState<>(
                row.getUUID("id"),
                row.getUUID("order_id"),
                definition.name(),
                definition.hash(),
                Place.read(row).phase(SagaAdvanced.Phase.valueOf(row.getString("phase"))),
                Json.read(row.getString("data"), definition.dataType()),
                code == null ? null : new Failure(code, row.getString("failure_detail")),
                row.getInteger("version"),
                row.getOffsetDateTime("started_at").toInstant(),
                due == null ? null : due.toInstant());
        return new Instance<>(
                definition, state, trace(row), new TraceContext(row.getString("sent_traceparent"), null, null));
    }

    private static TraceContext trace(Row row) {
        return new TraceContext(row.getString("traceparent"), row.getString("tracestate"), row.getString("baggage"));
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable String code(@Nullable Failure failure) {
        return failure == null ? null : failure.code();
    }

    private static @Nullable String detail(@Nullable Failure failure) {
        return failure == null ? null : failure.detail();
    }

    private static <T, C> C[] column(
            List<T> rows, Function<T, ? extends @Nullable Object> value, java.util.function.IntFunction<C[]> array) {
        return rows.stream().map(value).toArray(array);
    }

    /** A phase as its columns hold it. */
    private record Place(@Nullable String step, int attempt, Instant since) {

        static Place of(Phase phase) {
            return switch (phase) {
                case Phase.Running p -> new Place(p.step(), p.attempt(), p.stepStartedAt());
                case Phase.Undoing p -> new Place(p.step(), p.attempt(), p.stepStartedAt());
                case Phase.Stuck p -> new Place(p.step(), 0, p.since());
                case Phase.Completed p -> new Place(null, 0, p.at());
                case Phase.Compensated p -> new Place(null, 0, p.at());
            };
        }

        static Place read(Row row) {
            return new Place(
                    row.getString("step"),
                    row.getInteger("attempt"),
                    row.getOffsetDateTime("step_started_at").toInstant());
        }

        Phase phase(SagaAdvanced.Phase kind) {
            return switch (kind) {
                case RUNNING -> new Phase.Running(mustStep(), attempt, since);
                case UNDOING -> new Phase.Undoing(mustStep(), attempt, since);
                case STUCK -> new Phase.Stuck(mustStep(), since);
                case COMPLETED -> new Phase.Completed(since);
                case COMPENSATED -> new Phase.Compensated(since);
            };
        }

        private String mustStep() {
            if (step == null) {
                throw new IllegalStateException("an open saga has no step");
            }
            return step;
        }
    }
}
