package caravan.notification;

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

/** Goes over all mails, again and again: nobody is told twice, nor of the end of what he was never told of. */
@Startup
@Singleton
class MailAudit {

    final Round round;

    MailAudit(Pool pool, AuditRounds rounds, AuditConfig config) {
        RollingLook mails = RollingLook.ofRows(
                pool,
                config,
                Question.MAILS,
                row -> Rows.mails(row).judge(row.getUUID("id")).stream().toList());
        this.round = rounds.watch(List.of(Invariant.ONE_CONFIRMATION), mails);
    }
}
