package caravan.notification;

import caravan.common.auth.Requires;
import caravan.common.auth.Scope;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** For operators: the mails in one state, oldest first. Not behind the gateway. */
@Path("/confirmations")
class ConfirmationResource {

    private static final int MOST = 100;

    private static final String LIST = """
            select order_id, kind, state, attempts, message_id, last_error, recorded_at from confirmations
            where state = $1 and state <> 'SENT' order by next_try_at limit $2""";

    record Item(
            UUID orderId,
            Kind kind,
            State state,
            int attempts,
            String messageId,
            @Nullable String lastError,
            OffsetDateTime recordedAt) {}

    record Items(List<Item> items) {}

    private final Pool pool;

    ConfirmationResource(Pool pool) {
        this.pool = pool;
    }

    @GET
    @Requires(Scope.OPS)
    public Uni<Items> list(@QueryParam("state") @DefaultValue("UNCERTAIN") State state) {
        return pool.preparedQuery(LIST).execute(Tuple.of(state.name(), MOST)).map(rows -> {
            List<Item> items = new ArrayList<>();
            for (Row row : rows) {
                items.add(item(row));
            }
            return new Items(items);
        });
    }

    private static Item item(Row row) {
        return new Item(
                row.getUUID("order_id"),
                Kind.valueOf(row.getString("kind")),
                State.valueOf(row.getString("state")),
                row.getInteger("attempts"),
                row.getString("message_id"),
                row.getString("last_error"),
                row.getOffsetDateTime("recorded_at"));
    }
}
