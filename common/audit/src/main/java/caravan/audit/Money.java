package caravan.audit;

import java.util.Optional;

/**
 * What was kept of the payments of some orders, and what these orders owe; one order, or all. Minor units of the one currency.
 *
 * @param keptMinor captured less refunded
 * @param owedMinor the total of those that are approved
 */
public record Money(long keptMinor, long owedMinor) {

    public Optional<Violation> judge(String subject) {
        return keptMinor == owedMinor
                ? Optional.empty()
                : Optional.of(new Violation(
                        Invariant.MONEY_ADDS_UP, subject, keptMinor + " kept, " + owedMinor + " approved"));
    }

    /**
     * Whether somebody else's books say the same.
     *
     * @param networkMinor what the card network has captured less what it has refunded
     * @param madeUpMinor what of the payments it has never heard of, because they were prefilled
     */
    public static Optional<Violation> agrees(long networkMinor, long keptMinor, long madeUpMinor, String subject) {
        return networkMinor == keptMinor - madeUpMinor
                ? Optional.empty()
                : Optional.of(new Violation(
                        Invariant.NETWORK_AGREES,
                        subject,
                        networkMinor + " at the network, " + keptMinor + " in the payments, of which " + madeUpMinor
                                + " were prefilled"));
    }
}
