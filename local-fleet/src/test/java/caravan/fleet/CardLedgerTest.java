package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.CardLedger.Decision;
import org.junit.jupiter.api.Test;

class CardLedgerTest {
    private final CardLedger ledger = new CardLedger();

    @Test
    void capturesOncePerKey() {
        Decision first = ledger.charge("k", of("tok_ok", 500));
        Decision second = ledger.charge("k", of("tok_ok", 500));

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.replayed()).isTrue();
        assertThat(ledger.totals().getLong("capturedMinor")).isEqualTo(500);
    }

    @Test
    void refusesAKeyThatComesWithAnotherBody() {
        ledger.charge("k", of("tok_ok", 500));

        assertThat(ledger.charge("k", of("tok_ok", 501)).status()).isEqualTo(422);
    }

    @Test
    void declinesUnknownCards() {
        Decision decision = ledger.charge("k", of("4111", 500));

        assertThat(decision.status()).isEqualTo(402);
        assertThat(decision.body().getString("reason")).isEqualTo("invalid-card");
    }

    @Test
    void givesBackWhatWasCapturedOnce() {
        ledger.charge("k", of("tok_ok", 500));

        Decision first = ledger.reverse("k");
        Decision second = ledger.reverse("k");

        assertThat(first.body().getLong("refundedMinor")).isEqualTo(500);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(ledger.totals().getLong("refundedMinor")).isEqualTo(500);
        assertThat(ledger.totals().getLong("reversals")).isEqualTo(1);
    }

    @Test
    void blocksAKeyThatIsReversedBeforeItIsCharged() {
        Decision reversal = ledger.reverse("k");
        Decision late = ledger.charge("k", of("tok_ok", 500));

        assertThat(reversal.body().getLong("refundedMinor")).isZero();
        assertThat(late.status()).isEqualTo(409);
        assertThat(ledger.totals().getLong("captures")).isZero();
    }

    @Test
    void blocksAKeyThatWasDeclined() {
        ledger.charge("k", of("tok_declined", 500));

        assertThat(ledger.reverse("k").body().getLong("refundedMinor")).isZero();
        assertThat(ledger.charge("k", of("tok_ok", 500)).status()).isEqualTo(409);
    }

    private static ChargeRequest of(String token, long amountMinor) {
        return new ChargeRequest(amountMinor, "EUR", token, "order-1");
    }
}
