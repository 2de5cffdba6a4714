package caravan.saga.ops;

import caravan.common.contract.Failure;
import caravan.common.contract.SagaAdvanced;
import caravan.common.messaging.Json;
import caravan.common.messaging.TraceContext;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads sagas from committed rows on the primary: what is shown can be acted upon. */
@Singleton
class SagaReads {

    private static final String COLUMNS = """
            select s.id, s.order_id, d.name, s.phase, s.step, s.attempt, s.started_at, s.due_at, s.failure_code,
              s.failure_detail, s.traceparent
            from sagas s join saga_definitions d on d.id = s.definition_id
            where""";

    /** Newest first, nearly: ids of orders grow with time, and sagas that cancel lie between them anywhere. */
    private static final String REST = """
             and ($1::uuid is null or s.id < $1) and ($2::text is null or d.name = $2)
              and ($3::text is null or s.step = $3) and ($4::timestamptz is null or s.started_at < $4)
            order by s.id desc limit $5""";

    static final String OPEN = COLUMNS + " s.check_at is not null and s.phase = $6" + REST;
    static final String STUCK = COLUMNS + " s.phase = 'STUCK' and $6::text is not null" + REST;
    static final String ENDED = COLUMNS + " s.ended_at is not null and s.phase = $6" + REST;
    static final String ANY = COLUMNS + " $6::text is null" + REST;
    static final String ONE = COLUMNS + " s.id = $1";

    static final String LOG = "select cause, event from saga_steps where saga_id = $1 order by sequence";

    static final String ORDERS = """
            select id, ordered_at, step, verb, operator, reason from operator_orders where saga_id = $1 order by ordered_at""";

    private final Pool pool;

    SagaReads(Pool pool) {
        this.pool = pool;
    }

    /** At most {@code limit}, before the one with this id. */
    Uni<List<SagaView>> list(SagaFilter filter, @Nullable UUID before, int limit) {
        @Nullable
        OffsetDateTime began = filter.olderThan() == null
                ? null
                : Instant.now().minus(filter.olderThan()).atOffset(ZoneOffset.UTC);
        Tuple arguments = Tuple.tuple()
                .addUUID(before)
                .addString(filter.type())
                .addString(filter.step())
                .addOffsetDateTime(began)
                .addInteger(limit)
                .addString(filter.state() == null ? null : filter.state().name());
        return pool.preparedQuery(query(filter.state())).execute(arguments).map(rows -> {
            List<SagaView> sagas = new ArrayList<>();
            rows.forEach(row -> sagas.add(view(row)));
            return sagas;
        });
    }

    private static String query(SagaAdvanced.@Nullable Phase state) {
        return switch (state) {
            case null -> ANY;
            case RUNNING, UNDOING -> OPEN;
            case STUCK -> STUCK;
            case COMPLETED, COMPENSATED -> ENDED;
        };
    }

    /** With its log and the orders it was given. */
    Uni<Optional<SagaView>> find(UUID id) {
        return pool.preparedQuery(ONE)
                .execute(Tuple.of(id))
                .chain(rows -> rows.size() == 0
                        ? Uni.createFrom().item(Optional.empty())
                        : whole(view(rows.iterator().next())).map(Optional::of));
    }

    private Uni<SagaView> whole(SagaView saga) {
        return pool.preparedQuery(LOG)
                .execute(Tuple.of(saga.id()))
                .chain(log -> pool.preparedQuery(ORDERS)
                        .execute(Tuple.of(saga.id()))
                        .map(orders -> saga.with(log(log), orders(orders))));
    }

    private static List<SagaView.Entry> log(RowSet<Row> rows) {
        StepLog log = new StepLog();
        rows.forEach(row -> log.add(Json.read(row.getString("event"), SagaAdvanced.class), row.getString("cause")));
        return log.entries();
    }

    private static List<SagaView.Given> orders(RowSet<Row> rows) {
        List<SagaView.Given> orders = new ArrayList<>();
        rows.forEach(row -> orders.add(new SagaView.Given(
                row.getUUID("id"),
                row.getOffsetDateTime("ordered_at").toInstant(),
                row.getString("step"),
                row.getString("verb"),
                row.getString("operator"),
                row.getString("reason"))));
        return orders;
    }

    private static SagaView view(Row row) {
        OffsetDateTime due = row.getOffsetDateTime("due_at");
        String code = row.getString("failure_code");
        return new SagaView(
                row.getUUID("id"),
                row.getUUID("order_id"),
                row.getString("name"),
                SagaAdvanced.Phase.valueOf(row.getString("phase")),
                row.getString("step"),
                row.getInteger("attempt"),
                row.getOffsetDateTime("started_at").toInstant(),
                due == null ? null : due.toInstant(),
                code == null ? null : new Failure(code, row.getString("failure_detail")),
                new TraceContext(row.getString("traceparent"), null, null).traceId(),
                null,
                null);
    }
}
