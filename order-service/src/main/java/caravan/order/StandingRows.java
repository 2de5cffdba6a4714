package caravan.order;

import caravan.common.contract.Failure;
import caravan.common.sql.Columns;
import caravan.order.Standing.State;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How orders stand, as columns of their rows. Rows are locked in the order of their ids. */
final class StandingRows {

    private static final String COLUMNS =
            "id, status, failure_code, failure_detail, cancel_requested_at, cancel_reason, cancel_refused_at";

    private static final String LOCK =
            "select " + COLUMNS + " from orders where id = any($1::uuid[]) order by id for update";

    private static final String LOCK_OWN =
            "select " + COLUMNS + " from orders where id = $1 and customer_id = $2 for update";

    static final String TAKE = """
            with lost as (
              select id from orders
              where cancel_said_at < $1
              order by cancel_said_at limit $2
              for update skip locked)
            update orders o set cancel_said_at = $3 from lost where o.id = lost.id
            returning o.id, o.status, o.failure_code, o.failure_detail, o.cancel_requested_at, o.cancel_reason,
              o.cancel_refused_at""";

    /** said_at moves with every change: whatever changes an order that somebody wants cancelled also says so. */
    private static final String UPDATE = """
            update orders o set status = s.status, failure_code = s.code, failure_detail = s.detail,
              cancel_requested_at = s.requested_at, cancel_reason = s.reason, cancel_refused_at = s.refused_at,
              cancel_said_at = case when s.requested_at is not null and s.status in ('PLACED', 'APPROVED') then now() end
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::timestamptz[])
              as s (id, status, code, detail, requested_at, reason, refused_at)
            where o.id = s.id""";

    private StandingRows() {}

    static Uni<Map<UUID, Standing>> lock(SqlConnection tx, List<UUID> ids) {
        return tx.preparedQuery(LOCK)
                .execute(Columns.of(ids).uuid(id -> id).tuple())
                .map(StandingRows::standings);
    }

    /** Empty when there is no such order of this customer. */
    static Uni<Map<UUID, Standing>> lock(SqlConnection tx, UUID id, Caller caller) {
        return tx.preparedQuery(LOCK_OWN).execute(Tuple.of(id, caller.id())).map(StandingRows::standings);
    }

    /** Requests to cancel that were said before {@code before} and have not ended; said again {@code now}. */
    static Uni<Map<UUID, Standing>> takeUnheard(SqlConnection tx, Instant before, int most, Instant now) {
        return tx.preparedQuery(TAKE)
                .execute(Tuple.of(before.atOffset(ZoneOffset.UTC), most, now.atOffset(ZoneOffset.UTC)))
                .map(StandingRows::standings);
    }

    static Uni<Void> update(SqlConnection tx, List<Standing> standings) {
        if (standings.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple rows = Columns.of(standings)
                .uuid(Standing::orderId)
                .text(s -> s.state().name())
                .text(s -> s.failure() == null ? null : s.failure().code())
                .text(s -> s.failure() == null ? null : s.failure().detail())
                .time(Standing::cancelRequestedAt)
                .text(Standing::cancelReason)
                .time(Standing::cancelRefusedAt)
                .tuple();
        return tx.preparedQuery(UPDATE).execute(rows).replaceWithVoid();
    }

    private static Map<UUID, Standing> standings(RowSet<Row> rows) {
        Map<UUID, Standing> standings = new LinkedHashMap<>();
        for (Row row : rows) {
            standings.put(row.getUUID("id"), standing(row));
        }
        return standings;
    }

    static Standing standing(Row row) {
        String code = row.getString("failure_code");
        return new Standing(
                row.getUUID("id"),
                State.valueOf(row.getString("status")),
                code == null ? null : new Failure(code, row.getString("failure_detail")),
                instant(row.getOffsetDateTime("cancel_requested_at")),
                row.getString("cancel_reason"),
                instant(row.getOffsetDateTime("cancel_refused_at")));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
