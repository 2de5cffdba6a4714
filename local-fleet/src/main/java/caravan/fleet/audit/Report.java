package caravan.fleet.audit;

import caravan.audit.Invariant;
import caravan.audit.Violation;
import java.util.List;
import java.util.Locale;

/**
 * What an audit found. Amounts in minor units of the one currency.
 *
 * @param violations all of them
 * @param examples the first hundred
 */
public record Report(
        long orders,
        long approved,
        long rejected,
        long cancelled,
        long open,
        long stuck,
        long reservedPieces,
        long capturedMinor,
        long refundedMinor,
        long approvedMinor,
        long parcels,
        long confirmations,
        long cancellations,
        long violations,
        List<Violation> examples) {

    static Report of(Tally t, long reservedPieces) {
        return new Report(
                t.orders,
                t.approved,
                t.rejected,
                t.cancelled,
                t.open,
                t.stuck,
                reservedPieces,
                t.capturedMinor,
                t.refundedMinor,
                t.approvedMinor,
                t.parcels,
                t.confirmations,
                t.cancellations,
                t.violations,
                List.copyOf(t.kept));
    }

    /** No invariant is broken, and nothing is left that could still break one. */
    public boolean clean() {
        return violations == 0 && open == 0;
    }

    /** The ledger for people. */
    public String text() {
        StringBuilder text = new StringBuilder("Ledger\n");
        line(text, "orders accepted", String.valueOf(orders));
        line(text, "  approved", String.valueOf(approved));
        line(text, "  rejected", String.valueOf(rejected));
        line(text, "  cancelled", String.valueOf(cancelled));
        line(text, "  under way", String.valueOf(open));
        line(text, "  stuck", String.valueOf(stuck));
        line(text, "pieces reserved", String.valueOf(reservedPieces));
        line(text, "captured", money(capturedMinor));
        line(text, "refunded", money(refundedMinor));
        line(text, "  kept", money(capturedMinor - refundedMinor));
        line(text, "approved orders", money(approvedMinor));
        line(text, "parcels", String.valueOf(parcels));
        line(text, "confirmations", String.valueOf(confirmations));
        line(text, "cancellation notices", String.valueOf(cancellations));
        text.append('\n');
        if (violations == 0) {
            text.append("All ").append(Invariant.values().length).append(" invariants hold.\n");
        } else {
            text.append(violations).append(" violations:\n");
            examples.forEach(v -> text.append("  ")
                    .append(v.invariant().sentence())
                    .append("\n    ")
                    .append(v.subject())
                    .append(": ")
                    .append(v.what())
                    .append('\n'));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "  %-20s %14s%n", name, value));
    }

    private static String money(long minor) {
        return String.format(Locale.ROOT, "%d.%02d EUR", minor / 100, Math.abs(minor % 100));
    }
}
