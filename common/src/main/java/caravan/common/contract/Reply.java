package caravan.common.contract;

import java.time.Instant;
import java.util.UUID;

/** What a participant answers. A technical fault is never a reply: it is retried, or silence. */
public sealed interface Reply extends Message {

    /** The step's effect, or its undo's, is there. */
    sealed interface Done extends Reply {}

    /** A business no: nothing happened, nobody tries again. */
    sealed interface Rejected extends Reply {
        Failure failure();
    }

    record StockReserved() implements Done {}

    record StockReleased() implements Done {}

    record StockUnavailable(String sku, int wanted, int onHand) implements Rejected {
        @Override
        public Failure failure() {
            return new Failure("stock-unavailable", "%s: %d wanted, %d on hand".formatted(sku, wanted, onHand));
        }
    }

    record PaymentCharged(String chargeId, Money amount) implements Done {}

    record PaymentRefunded() implements Done {}

    record CardDeclined(String reason) implements Rejected {
        @Override
        public Failure failure() {
            return new Failure("card-declined", reason);
        }
    }

    record ShipmentArranged(UUID shipmentId, String carrier, String trackingNumber) implements Done {}

    record ShipmentCancelled() implements Done {}

    record AddressUndeliverable(String country) implements Rejected {
        @Override
        public Failure failure() {
            return new Failure("address-undeliverable", "no carrier delivers to " + country);
        }
    }

    /** The parcel is with the carrier: nothing was cancelled. */
    record AlreadyDispatched(Instant dispatchedAt) implements Rejected {
        @Override
        public Failure failure() {
            return new Failure(Failure.ALREADY_DISPATCHED, "the parcel left at " + dispatchedAt);
        }
    }

    record OrderApproved() implements Done {}

    record OrderRejected() implements Done {}

    record OrderKept() implements Done {}

    record OrderCancelled() implements Done {}

    record ConfirmationSent() implements Done {}

    record CancellationSent() implements Done {}

    /** Accepted, not possible yet: the participant tries again by itself, next at {@code until}. */
    record Deferred(Instant until, String reason) implements Reply {}

    /** The action came after its undo: nothing was done, and the saga ignores this. */
    record Refused() implements Reply {}
}
