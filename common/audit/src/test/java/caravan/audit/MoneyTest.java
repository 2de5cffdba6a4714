package caravan.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MoneyTest {

    @Test
    void addsUpWhenWhatWasKeptIsWhatOrdersOwe() {
        assertThat(new Money(700, 700).judge("fleet")).isEmpty();
        assertThat(new Money(701, 700).judge("fleet"))
                .contains(new Violation(Invariant.MONEY_ADDS_UP, "fleet", "701 kept, 700 approved"));
    }

    @Test
    void agreesWithTheNetworkButForWhatItHasNeverHeardOf() {
        assertThat(Money.agrees(500, 700, 200, "fleet")).isEmpty();
        assertThat(Money.agrees(700, 700, 200, "fleet"))
                .map(Violation::invariant)
                .contains(Invariant.NETWORK_AGREES);
    }
}
