package caravan.saga.audit;

import caravan.audit.Invariant;
import caravan.audit.Violation;
import caravan.common.audit.AuditConfig;
import caravan.common.audit.AuditRounds;
import caravan.common.audit.AuditRounds.Round;
import caravan.common.audit.WholeLook;
import caravan.common.audit.WholeLook.Judged;
import io.quarkus.runtime.Startup;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.List;

/** Open sagas that nobody looks at: they would never end. {@code saga.orphans} says at once how many; this tells which. */
@Startup
@Singleton
class OverdueSagas {

    /** A sweep is half a second. Once there are a thousand, it does not matter which. */
    static final String OVERDUE = """
            select id, order_id, phase, extract(epoch from now() - due_at)::bigint as overdue_seconds from sagas
            where check_at < now() - interval '1 minute' and due_at < now() - interval '1 minute' limit 1000""";

    final Round round;

    OverdueSagas(Pool pool, AuditRounds rounds, AuditConfig config) {
        WholeLook overdue = new WholeLook(pool, config, OVERDUE, row -> {
            String order = row.getUUID("order_id").toString();
            String what = "saga %s is %s, and %d s overdue"
                    .formatted(row.getUUID("id"), row.getString("phase"), row.getLong("overdue_seconds"));
            return new Judged(order, List.of(new Violation(Invariant.SAGA_ENDS, order, what)));
        });
        this.round = rounds.watch(List.of(Invariant.SAGA_ENDS), overdue);
    }
}
