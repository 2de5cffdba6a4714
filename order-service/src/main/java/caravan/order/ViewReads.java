package caravan.order;

import caravan.common.http.ConsistencyToken;
import caravan.common.sql.WalPosition;
import caravan.order.ViewStore.Stored;
import caravan.order.replica.Reads;
import caravan.order.replica.Seen;
import caravan.order.replica.Select;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Views as they are shown. They may come from the replica, so nothing that changes an order looks at them here. */
@Singleton
class ViewReads {

    /** The entry of this service in a {@link ConsistencyToken}. */
    private static final String DATABASE = "orders";

    static final Select<Stored> FIND = new Select<>("""
            select order_id, created_at, version, document from order_views
            where order_id = $1 and customer_id = $2""", 2, ViewStore::stored);

    static final Select<Stored> LIST = new Select<>("""
            select order_id, created_at, version, document from order_views
            where customer_id = $1 and (created_at, order_id) < ($2, $3)
            order by created_at desc, order_id desc limit $4""", 4, ViewStore::stored);

    static final Select<Stored> LIST_ENDED = new Select<>("""
            select order_id, created_at, version, document from order_views
            where customer_id = $1 and (created_at, order_id) < ($2, $3) and final_status = $5
            order by created_at desc, order_id desc limit $4""", 5, ViewStore::stored);

    static final Select<Stored> LIST_OPEN = new Select<>("""
            select order_id, created_at, version, document from order_views
            where customer_id = $1 and (created_at, order_id) < ($2, $3) and final_status is null and status = $5
            order by created_at desc, order_id desc limit $4""", 5, ViewStore::stored);

    private final Reads reads;

    ViewReads(Reads reads) {
        this.reads = reads;
    }

    /** The token that goes with an answer: the caller's, and what the answer comes from. */
    static String token(ConsistencyToken callers, WalPosition at) {
        return callers.raised(DATABASE, at).text();
    }

    Uni<Seen<Optional<Stored>>> find(UUID id, Caller caller, ConsistencyToken token) {
        return reads.find(FIND, List.of(id, caller.id()), token.of(DATABASE));
    }

    /** For whoever waits for a change: it must not begin before what has happened already. */
    Uni<Seen<Optional<Stored>>> findNewest(UUID id, Caller caller) {
        return reads.findNewest(FIND, List.of(id, caller.id()));
    }

    /** Not before anything that was seen by now. */
    Uni<WalPosition> position() {
        return reads.position();
    }

    /** Newest first, at most {@code limit}, all of them older than {@code before}. */
    Uni<Seen<List<Stored>>> list(
            Caller caller, @Nullable OrderStatus status, Cursor.Position before, int limit, ConsistencyToken token) {
        List<Object> arguments =
                new ArrayList<>(List.of(caller.id(), before.createdAt().atOffset(ZoneOffset.UTC), before.id(), limit));
        if (status != null) {
            arguments.add(status.name());
        }
        return reads.read(listOf(status), arguments, token.of(DATABASE));
    }

    private static Select<Stored> listOf(@Nullable OrderStatus status) {
        if (status == null) {
            return LIST;
        }
        return status.isFinal() ? LIST_ENDED : LIST_OPEN;
    }
}
