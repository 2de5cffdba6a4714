package caravan.order;

import caravan.common.http.ProblemType;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Outbox;
import caravan.common.messaging.SpanKeys;
import caravan.common.messaging.TraceContext;
import caravan.common.messaging.TracedWork;
import caravan.common.sql.WalPosition;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Requests to cancel, decided in one transaction under the lock of the order's row: the same lock under which the sagas end
 * orders. The key comes first, as with new orders; its answer stays open until the saga has decided.
 */
@Singleton
class CancelStore {

    private static final String OPEN = "";

    private static final String TAKE_KEY = """
            insert into idempotency_keys (customer_id, route, key, body_hash, order_id, answer)
            values ($1, $2, $3, $4, $5, '') on conflict do nothing""";

    static final String TAKEN_KEY = """
            select body_hash, answer, pg_current_wal_flush_lsn()::text as position from idempotency_keys
            where customer_id = $1 and route = $2 and key = $3""";

    /**
     * The first answer stays. The position is behind what the answer tells of, which was committed before: what comes after it is the
     * answer itself, and no read shows that.
     */
    private static final String SETTLE = """
            update idempotency_keys set answer = case when answer = '' then $4 else answer end
            where customer_id = $1 and route = $2 and key = $3
            returning answer, pg_current_wal_flush_lsn()::text as position""";

    private static final String PROGRESS = """
            select o.*, v.status as shown from orders o join order_views v on v.order_id = o.id where o.id = $1""";

    /** Takes the key back with everything else. */
    private static final class NoSuchOrder extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoSuchOrder() {
            super("no such order", null, false, false);
        }
    }

    private final Pool pool;
    private final Tracer tracer;
    private final String source;

    CancelStore(Pool pool, Messaging messaging, Tracer tracer) {
        this.pool = pool;
        this.tracer = tracer;
        this.source = messaging.source();
    }

    Uni<CancelVerdict> request(CancelRequest request) {
        return pool.withTransaction(tx -> tx.preparedQuery(TAKE_KEY)
                        .execute(key(request).addString(request.bodyHash()).addUUID(request.orderId()))
                        .chain(rows -> rows.rowCount() == 1 ? decide(tx, request) : taken(tx, request)))
                .onFailure(NoSuchOrder.class)
                .recoverWithItem(CancelVerdict.Unknown::new);
    }

    /** Records the answer to an open request; gives the one that is on record then. */
    Uni<CancelVerdict> settle(CancelRequest request, CancelAnswer answer, boolean replayed) {
        return pool.preparedQuery(SETTLE)
                .execute(key(request).addString(answer.text()))
                .map(rows -> settled(rows.iterator().next(), replayed));
    }

    private static CancelVerdict settled(Row row, boolean replayed) {
        return new CancelVerdict.Settled(
                CancelAnswer.parse(row.getString("answer")), replayed, WalPosition.parse(row.getString("position")));
    }

    /** Holds a connection only while it reads. */
    Uni<CancelProgress> progress(CancelRequest request) {
        return pool.preparedQuery(PROGRESS)
                .execute(Tuple.of(request.orderId()))
                .map(rows -> progress(rows.iterator().next()));
    }

    private static CancelProgress progress(Row row) {
        return new CancelProgress(StandingRows.standing(row), OrderStatus.valueOf(row.getString("shown")));
    }

    /** Says that these orders are to be cancelled, each as it stands, in the trace of the order. */
    static Uni<Void> say(SqlConnection tx, Map<UUID, Standing> standings, String source) {
        if (standings.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return OrderRows.load(tx, List.copyOf(standings.keySet()))
                .map(orders -> orders.stream()
                        .map(order -> order.cancellation(
                                Objects.requireNonNull(standings.get(order.id())), source, order.trace()))
                        .toList())
                .chain(messages -> Outbox.add(tx, messages));
    }

    private Uni<CancelVerdict> taken(SqlConnection tx, CancelRequest request) {
        return tx.preparedQuery(TAKEN_KEY).execute(key(request)).map(rows -> {
            Row row = rows.iterator().next();
            if (!row.getString("body_hash").equals(request.bodyHash())) {
                return new CancelVerdict.KeyReused();
            }
            return row.getString("answer").equals(OPEN) ? new CancelVerdict.Open(true) : settled(row, true);
        });
    }

    private Uni<CancelVerdict> decide(SqlConnection tx, CancelRequest request) {
        return StandingRows.lock(tx, request.orderId(), request.caller()).chain(found -> {
            Standing standing = found.get(request.orderId());
            if (standing == null) {
                throw new NoSuchOrder();
            }
            return switch (standing.ruling()) {
                case REQUESTED -> record(tx, request, standing).replaceWith(new CancelVerdict.Open(false));
                case UNDER_WAY -> Uni.createFrom().item(new CancelVerdict.Open(false));
                case ALREADY_DISPATCHED -> refuse(tx, request, ProblemType.ALREADY_DISPATCHED);
                case ENDED -> refuse(tx, request, ProblemType.ORDER_ENDED);
            };
        });
    }

    private Uni<Void> record(SqlConnection tx, CancelRequest request, Standing standing) {
        Standing requested = standing.requested(request.at(), request.reason());
        return StandingRows.update(tx, List.of(requested))
                .chain(() -> ViewStore.cancelRequested(tx, request.orderId(), request.at()))
                .chain(() -> OrderRows.load(tx, List.of(request.orderId())))
                .chain(orders -> Outbox.add(
                        tx,
                        orders.stream()
                                .map(order -> order.cancellation(requested, source, cause(order, request)))
                                .toList()));
    }

    /** What comes of it belongs to the order's trace; the request has one of its own. Each knows the other. */
    private TraceContext cause(Order order, CancelRequest request) {
        TracedWork work = TracedWork.start(tracer, SpanKind.INTERNAL, "cancel order", order.trace())
                .linkedTo(request.trace(), "request");
        if (work.isRecording()) {
            work.with(SpanKeys.ORDER_ID, order.id().toString());
        }
        TracedWork.linkCurrent(work.context(), "request");
        work.end();
        return work.context();
    }

    private static Uni<CancelVerdict> refuse(SqlConnection tx, CancelRequest request, ProblemType type) {
        CancelAnswer answer = new CancelAnswer.Refused(type);
        return tx.preparedQuery(SETTLE)
                .execute(key(request).addString(answer.text()))
                .map(rows -> settled(rows.iterator().next(), false));
    }

    private static Tuple key(CancelRequest request) {
        return Tuple.tuple()
                .addUUID(request.caller().id())
                .addString(KeyScope.CANCEL_ROUTE)
                .addString(request.key());
    }
}
