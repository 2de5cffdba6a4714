package caravan.payment;

import caravan.audit.Invariant;
import caravan.audit.Question;
import caravan.common.audit.AuditConfig;
import caravan.common.audit.AuditRounds;
import caravan.common.audit.AuditRounds.Round;
import caravan.common.audit.RollingLook;
import caravan.common.audit.Rows;
import io.quarkus.runtime.Startup;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.List;

/** Goes over all payments, again and again: nothing is captured twice, and no refund exceeds its capture. */
@Startup
@Singleton
class PaymentAudit {

    final Round round;

    PaymentAudit(Pool pool, AuditRounds rounds, AuditConfig config) {
        RollingLook payments = RollingLook.ofRows(
                pool,
                config,
                Question.PAYMENTS,
                row -> Rows.payment(row).judge(row.getUUID("id")).stream().toList());
        this.round = rounds.watch(List.of(Invariant.CAPTURED_ONCE), payments);
    }
}
