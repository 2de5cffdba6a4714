package caravan.shipment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.common.contract.Address;
import caravan.common.contract.Line;
import caravan.common.contract.ShipmentCommand.ArrangeShipment;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import caravan.common.messaging.PoisonException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DecisionTest {

    private static final UUID ORDER = UUID.fromString("0198c0de-0000-7000-8000-00000000002a");

    private final Carrier carrier = new SimulatedCarrier();

    @Test
    void givesAnOrderTheSameLabelEveryTime() {
        Decision first = Decision.of(to("DE"), carrier);
        Decision again = Decision.of(to("DE"), new SimulatedCarrier());

        assertThat(first)
                .isEqualTo(again)
                .isInstanceOfSatisfying(
                        Decision.Arrange.class,
                        arrange -> assertThat(arrange.label().trackingNumber())
                                .isEqualTo("CX0198C0DE00007000800000000000002A"));
    }

    @Test
    void declinesAntarctica() {
        assertThat(Decision.of(to("AQ"), carrier)).isEqualTo(new Decision.Decline("AQ"));
    }

    @Test
    void cancelsWithoutAskingTheCarrier() {
        Carrier none = (order, _) -> {
            throw new AssertionError("asked about " + order);
        };

        assertThat(Decision.of(new CancelShipment(ORDER), none)).isEqualTo(new Decision.Cancel(ORDER));
    }

    @Test
    void refusesACommandWithoutACountry() {
        assertThatThrownBy(() -> Decision.of(to(" "), carrier)).isInstanceOf(PoisonException.class);
    }

    private static ArrangeShipment to(String country) {
        Address address = new Address("Ada", "1 Street", null, "Town", "12345", country);
        return new ArrangeShipment(ORDER, address, List.of(new Line("TEA-1", 2)));
    }
}
