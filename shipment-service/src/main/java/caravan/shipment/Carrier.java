package caravan.shipment;

import caravan.common.contract.Address;
import java.util.UUID;

/**
 * Who carries parcels. Asked inside the transaction of a whole batch and again when that is rolled back: it must not block
 * and must give an order the same label every time. A carrier behind a network is no such port; it would be asked after the
 * commit, like the card network.
 */
interface Carrier {

    sealed interface Booking {}

    record Label(String carrier, String trackingNumber) implements Booking {}

    record Undeliverable(String country) implements Booking {}

    Booking book(UUID orderId, Address address);
}
