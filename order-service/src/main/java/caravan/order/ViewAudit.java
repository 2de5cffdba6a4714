package caravan.order;

import caravan.audit.Invariant;
import caravan.audit.OrderFacts.View;
import caravan.audit.Question;
import caravan.audit.Violation;
import caravan.common.audit.AuditConfig;
import caravan.common.audit.AuditRounds;
import caravan.common.audit.AuditRounds.Round;
import caravan.common.audit.RollingLook;
import caravan.common.audit.Rows;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Goes over all orders, again and again: one that nothing moves any more is shown as it is. */
@Startup
@Singleton
class ViewAudit {

    private final Pool pool;
    final Round round;

    ViewAudit(Pool pool, AuditRounds rounds, AuditConfig config) {
        this.pool = pool;
        this.round = rounds.watch(
                List.of(Invariant.VIEW_IS_FOLD), new RollingLook(pool, config, Question.ORDERS, this::judge));
    }

    private Uni<List<Violation>> judge(RowSet<Row> orders) {
        List<UUID> ids = new ArrayList<>();
        orders.forEach(row -> ids.add(row.getUUID("id")));
        return Rows.byId(pool, Question.VIEWS, ids, Rows::view).map(views -> judge(orders, views));
    }

    private static List<Violation> judge(RowSet<Row> orders, Map<UUID, View> views) {
        List<Violation> found = new ArrayList<>();
        for (Row row : orders) {
            UUID id = row.getUUID("id");
            Rows.order(row).judge(id, views.get(id)).ifPresent(found::add);
        }
        return found;
    }
}
