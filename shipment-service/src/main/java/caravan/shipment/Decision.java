package caravan.shipment;

import caravan.common.contract.Address;
import caravan.common.contract.ShipmentCommand;
import caravan.common.contract.ShipmentCommand.ArrangeShipment;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import caravan.common.messaging.PoisonException;
import caravan.shipment.Carrier.Label;
import caravan.shipment.Carrier.Undeliverable;
import java.util.UUID;

/** What one command does to the table. */
sealed interface Decision {

    record Arrange(UUID orderId, Label label, Address address) implements Decision {}

    record Decline(String country) implements Decision {}

    record Cancel(UUID orderId) implements Decision {}

    /** Throws {@link PoisonException} for a command that says too little to act on. */
    static Decision of(ShipmentCommand command, Carrier carrier) {
        return switch (command) {
            case CancelShipment cancel -> new Cancel(cancel.orderId());
            case ArrangeShipment arrange ->
                switch (carrier.book(arrange.orderId(), addressOf(arrange))) {
                    case Label label -> new Arrange(arrange.orderId(), label, arrange.address());
                    case Undeliverable no -> new Decline(no.country());
                };
        };
    }

    private static Address addressOf(ArrangeShipment arrange) {
        Address address = arrange.address();
        // Bytes from outside: the contract's promise that nothing is null does not hold before this line.
        if (address == null || address.country() == null || address.country().isBlank()) {
            throw new PoisonException("the command names no country to ship to");
        }
        return address;
    }
}
