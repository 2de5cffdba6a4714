package caravan.fleet.audit;

import caravan.audit.OrderFacts;
import caravan.audit.Violation;
import java.util.ArrayList;
import java.util.List;

/** What one run has counted. Amounts in minor units. */
final class Tally {

    private static final int MOST_KEPT = 100;

    long orders;
    long approved;
    long rejected;
    long cancelled;
    long open;
    long stuck;
    long capturedMinor;
    long refundedMinor;
    long excusedMinor;
    long approvedMinor;
    long parcels;
    long confirmations;
    long cancellations;
    long violations;
    final List<Violation> kept = new ArrayList<>();

    void add(OrderFacts facts) {
        orders += facts.order() == null ? 0 : 1;
        approved += facts.approved() ? 1 : 0;
        rejected += facts.rejected() ? 1 : 0;
        cancelled += facts.cancelled() ? 1 : 0;
        open += facts.open() ? 1 : 0;
        stuck += facts.stuck() ? 1 : 0;
        confirmations += facts.mails().confirmations();
        cancellations += facts.mails().cancellations();
        parcels += facts.hasParcel() ? 1 : 0;
        excusedMinor += facts.excusedMinor();
        if (facts.payment() != null) {
            capturedMinor += facts.payment().capturedMinor();
            refundedMinor += facts.payment().refundedMinor();
        }
        if (facts.approved() && facts.order() != null) {
            approvedMinor += facts.order().totalMinor();
        }
        facts.violations().forEach(this::violated);
    }

    /** Counts all, keeps the first ones. */
    void violated(Violation violation) {
        violations++;
        if (kept.size() < MOST_KEPT) {
            kept.add(violation);
        }
    }
}
