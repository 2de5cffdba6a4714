package caravan.common.contract;

import java.util.Objects;

/**
 * An amount in the currency's minor unit (cents), never a fraction.
 *
 * @param currency ISO 4217
 */
public record Money(long amountMinor, String currency) {

    public Money {
        Objects.requireNonNull(currency, "currency");
    }

    /** Throws {@link ArithmeticException} rather than overflow. */
    public Money times(int quantity) {
        return new Money(Math.multiplyExact(amountMinor, quantity), currency);
    }

    /** Throws {@link IllegalArgumentException} for another currency. */
    public Money plus(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("cannot add " + other.currency + " to " + currency);
        }
        return new Money(Math.addExact(amountMinor, other.amountMinor), currency);
    }
}
