package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.Address;
import caravan.common.contract.Failure;
import caravan.common.contract.Money;
import caravan.common.contract.PricedLine;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.Phase;
import caravan.common.contract.SagaAdvanced.What;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StatusEventTest {

    private static final UUID ORDER = UUID.randomUUID();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Failure DECLINED = new Failure("card-declined", "no\nmoney");
    private static final OrderView REJECTED = OrderView.accepted(
                    ORDER,
                    START,
                    List.of(new PricedLine("TEA", "Tea", 1, new Money(1, "EUR"))),
                    new Money(1, "EUR"),
                    new Address("Ada", "1 Street", null, "Town", "12345", "DE"))
            .apply(new SagaAdvanced(
                    ORDER, "place-order", ORDER, 1, START, "reserve-stock", What.DONE, Phase.RUNNING, null, null))
            .apply(new SagaAdvanced(
                    ORDER,
                    "place-order",
                    ORDER,
                    2,
                    START.plusSeconds(1),
                    "order-placed",
                    What.UNDONE,
                    Phase.COMPENSATED,
                    DECLINED,
                    null));

    @Test
    void goOnAfterWhatWasSeen() {
        assertThat(StatusEvent.after(1, REJECTED))
                .containsExactly(
                        new StatusEvent(2, OrderStatus.STOCK_RESERVED, START, null),
                        new StatusEvent(3, OrderStatus.REJECTED, START.plusSeconds(1), DECLINED));
        assertThat(StatusEvent.after(3, REJECTED)).isEmpty();
    }

    @Test
    void takeTheClientAtItsWord() {
        assertThat(StatusEvent.lastSeen("0", REJECTED)).isZero();
        assertThat(StatusEvent.lastSeen("2", REJECTED)).isEqualTo(2);
        assertThat(StatusEvent.lastSeen("3", REJECTED)).isEqualTo(3);
    }

    @Test
    void beginWithTheNewestForWhoeverNamesNothingKnown() {
        assertThat(StatusEvent.lastSeen(null, REJECTED)).isEqualTo(2);
        assertThat(StatusEvent.lastSeen("", REJECTED)).isEqualTo(2);
        assertThat(StatusEvent.lastSeen("4", REJECTED)).isEqualTo(2);
        assertThat(StatusEvent.lastSeen("-1", REJECTED)).isEqualTo(2);
        assertThat(StatusEvent.lastSeen("two", REJECTED)).isEqualTo(2);
        assertThat(StatusEvent.lastSeen("99999999999999999999", REJECTED)).isEqualTo(2);
    }

    @Test
    void areWrittenAsLinesThatHoldOneEventEach() {
        assertThat(StatusEvent.after(2, REJECTED).getFirst().frame()).isEqualTo("""
                event: order.status
                id: 3
                data: {"sequence":3,"status":"REJECTED","at":"2026-01-01T00:00:01Z",\
                "failure":{"code":"card-declined","detail":"no\\nmoney"}}

                """);
    }
}
