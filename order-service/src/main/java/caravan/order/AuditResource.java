package caravan.order;

import caravan.audit.AskedOrders;
import caravan.audit.OrderFacts.Order;
import caravan.audit.OrderFacts.View;
import caravan.audit.Question;
import caravan.audit.Told;
import caravan.common.audit.Rows;
import caravan.common.auth.Open;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** For the orchestrator's audit alone: the gateway's route table leads nobody here. From the primary: it judges what is committed. */
@Open
@Path("/internal/audit")
class AuditResource {

    /** Few, whatever else there is: a view is started by the first event of its saga. */
    static final String UNCLAIMED = """
            select order_id from order_views
            where not started and created_at < now() - make_interval(secs => $1::int)
            order by announced_at limit %d""".formatted(AskedOrders.MOST);

    private final Pool pool;

    AuditResource(Pool pool) {
        this.pool = pool;
    }

    @POST
    public Uni<List<Told.OfOrder>> tell(AskedOrders asked) {
        return Uni.combine()
                .all()
                .unis(
                        Rows.byId(pool, Question.ORDERS, asked.orders(), Rows::order),
                        Rows.byId(pool, Question.LINES, asked.orders(), Rows::pieces),
                        Rows.byId(pool, Question.VIEWS, asked.orders(), Rows::view))
                .asTuple()
                .map(facts -> together(facts.getItem1(), facts.getItem2(), facts.getItem3()));
    }

    /** Orders that were placed so many seconds ago, of whose saga nobody has heard yet. */
    @GET
    @Path("/unclaimed")
    public Uni<List<UUID>> unclaimed(@QueryParam("seconds") int seconds) {
        return pool.preparedQuery(UNCLAIMED).execute(Tuple.of(seconds)).map(rows -> {
            List<UUID> orders = new ArrayList<>();
            rows.forEach(row -> orders.add(row.getUUID("order_id")));
            return orders;
        });
    }

    private static List<Told.OfOrder> together(Map<UUID, Order> orders, Map<UUID, Long> pieces, Map<UUID, View> views) {
        Set<UUID> ids = new TreeSet<>(orders.keySet());
        ids.addAll(pieces.keySet());
        ids.addAll(views.keySet());
        return ids.stream()
                .map(id -> new Told.OfOrder(id, orders.get(id), pieces.getOrDefault(id, 0L), views.get(id)))
                .toList();
    }
}
