package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.Address;
import caravan.common.contract.Money;
import caravan.common.contract.PricedLine;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.Phase;
import caravan.common.contract.SagaAdvanced.What;
import caravan.common.messaging.Json;
import caravan.order.Mending.Kept;
import caravan.order.Mending.Told;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the events say against what is stored. */
class MendingTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final UUID customer = UUID.randomUUID();
    private final OrderView placed = OrderView.accepted(
            UUID.randomUUID(),
            NOON,
            List.of(new PricedLine("TEA", "Tea", 1, new Money(250, "EUR"))),
            new Money(250, "EUR"),
            new Address("Ada", "1 Way", null, "London", "N1", "GB"));
    private final OrderView reserved = step(placed, 1, "reserve-stock");
    private final OrderView paid = step(reserved, 2, "charge-payment");

    @Test
    void leavesWhatIsEqual() {
        assertThat(mend(reserved, kept(reserved))).isEqualTo(new Mending.Equal());
        assertThat(mend(placed, kept(placed))).isEqualTo(new Mending.Equal());
    }

    @Test
    void leavesWhatHasSeenMore() {
        assertThat(mend(reserved, kept(paid))).isEqualTo(new Mending.Newer());
        assertThat(mend(placed, kept(reserved))).isEqualTo(new Mending.Newer());
    }

    @Test
    void findsWhatIsMissing() {
        assertThat(Mending.of(new Told(customer, paid), null)).isEqualTo(new Mending.Missing());
    }

    @Test
    void replacesWhatHasSeenLess() {
        assertThat(mend(paid, kept(reserved))).isEqualTo(new Mending.Wrong(7));
    }

    @Test
    void replacesWhatSaysSomethingElse() {
        Kept right = kept(paid);

        assertThat(mend(paid, altered(right, "APPROVED", 2, right.document()))).isEqualTo(new Mending.Wrong(7));
        assertThat(mend(paid, altered(right, "PAID", 1, right.document()))).isEqualTo(new Mending.Wrong(7));
        assertThat(mend(paid, altered(right, "PAID", 2, right.document().replace("London", "Paris"))))
                .isEqualTo(new Mending.Wrong(7));
        assertThat(mend(paid, altered(right, "PAID", 2, "{}"))).isEqualTo(new Mending.Wrong(7));
        assertThat(mend(paid, altered(right, "PAID", 2, "damaged"))).isEqualTo(new Mending.Wrong(7));
        assertThat(Mending.of(new Told(UUID.randomUUID(), paid), right)).isEqualTo(new Mending.Wrong(7));
        assertThat(mend(paid, new Kept(customer, "PAID", 2, 7, NOON, false, right.document())))
                .isEqualTo(new Mending.Wrong(7));
        assertThat(mend(paid, new Kept(customer, "PAID", 2, 7, NOON.plusSeconds(1), true, right.document())))
                .isEqualTo(new Mending.Wrong(7));
    }

    @Test
    void caresForNoSpaces() {
        Kept right = kept(paid);

        assertThat(mend(paid, altered(right, "PAID", 2, right.document().replace("\":", "\" : "))))
                .isEqualTo(new Mending.Equal());
    }

    private Mending mend(OrderView told, Kept kept) {
        return Mending.of(new Told(customer, told), kept);
    }

    private Kept kept(OrderView view) {
        return new Kept(
                customer,
                view.status().name(),
                view.sequence(),
                7,
                view.createdAt(),
                view.sequence() > 0,
                Json.text(view));
    }

    private static Kept altered(Kept kept, String status, int sequence, String document) {
        return new Kept(kept.customer(), status, sequence, kept.version(), kept.createdAt(), kept.started(), document);
    }

    private static OrderView step(OrderView view, int sequence, String step) {
        Reply reply = step.equals("charge-payment")
                ? new Reply.PaymentCharged("ch_1", view.total())
                : new Reply.StockReserved();
        return view.apply(new SagaAdvanced(
                view.id(),
                "place-order",
                view.id(),
                sequence,
                NOON.plusSeconds(sequence),
                step,
                What.DONE,
                Phase.RUNNING,
                null,
                reply));
    }
}
