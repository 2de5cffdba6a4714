package caravan.inventory;

import caravan.audit.Invariant;
import caravan.audit.Question;
import caravan.audit.StockFacts;
import caravan.common.audit.AuditConfig;
import caravan.common.audit.AuditRounds;
import caravan.common.audit.AuditRounds.Round;
import caravan.common.audit.Rows;
import caravan.common.audit.WholeLook;
import caravan.common.audit.WholeLook.Judged;
import io.quarkus.runtime.Startup;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Adds up the stock. A product's sum is over all of its reservations, and no index leads from a product to them: it would be one
 * more write for each line of each order. So a look reads them all, as seldom as it takes for half a percent of a core.
 */
@Startup
@Singleton
class StockAudit {

    final Round round;

    StockAudit(Pool pool, AuditRounds rounds, AuditConfig config) {
        WholeLook stock = new WholeLook(pool, config, Question.STOCK, row -> {
            StockFacts product = Rows.stock(row);
            return new Judged(product.sku(), product.violations());
        });
        this.round = rounds.watch(List.of(Invariant.STOCK_ADDS_UP, Invariant.RESERVED_IS_PROMISED), stock);
    }
}
