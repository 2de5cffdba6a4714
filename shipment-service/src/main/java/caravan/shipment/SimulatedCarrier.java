package caravan.shipment;

import caravan.common.contract.Address;
import jakarta.inject.Singleton;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;

/** Delivers everywhere but to Antarctica. The tracking number is the order id in a carrier's spelling. */
@Singleton
class SimulatedCarrier implements Carrier {

    static final String NAME = "Caravan Express";

    private static final Set<String> NOT_SERVED = Set.of("AQ");

    @Override
    public Booking book(UUID orderId, Address address) {
        return NOT_SERVED.contains(address.country())
                ? new Undeliverable(address.country())
                : new Label(NAME, trackingNumber(orderId));
    }

    private static String trackingNumber(UUID orderId) {
        HexFormat hex = HexFormat.of().withUpperCase();
        return "CX" + hex.toHexDigits(orderId.getMostSignificantBits())
                + hex.toHexDigits(orderId.getLeastSignificantBits());
    }
}
