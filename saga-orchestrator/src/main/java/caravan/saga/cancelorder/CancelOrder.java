package caravan.saga.cancelorder;

import static java.nio.charset.StandardCharsets.UTF_8;

import caravan.common.contract.Customer;
import caravan.common.contract.Failure;
import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.Money;
import caravan.common.contract.NotificationCommand.SendCancellation;
import caravan.common.contract.OrderCancellationRequested;
import caravan.common.contract.OrderCommand.KeepOrder;
import caravan.common.contract.OrderCommand.MarkCancelled;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.PricedLine;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import java.util.List;
import java.util.UUID;

/** What the saga remembers of an order, and the commands it makes of it. */
public record CancelOrder(UUID orderId, Customer customer, List<PricedLine> lines, Money total) {

    public CancelOrder {
        lines = List.copyOf(lines);
    }

    public static CancelOrder of(OrderCancellationRequested request) {
        return new CancelOrder(request.orderId(), request.customer(), request.lines(), request.total());
    }

    /** Follows from the order's id (UUIDv3, RFC 9562, section 5.3): an order is never cancelled by two sagas. */
    public static UUID sagaOf(UUID orderId) {
        return UUID.nameUUIDFromBytes(("cancel-order:" + orderId).getBytes(UTF_8));
    }

    KeepOrder keepOrder(Failure why) {
        return new KeepOrder(orderId, why);
    }

    CancelShipment cancelShipment() {
        return new CancelShipment(orderId);
    }

    RefundPayment refundPayment() {
        return new RefundPayment(orderId);
    }

    ReleaseStock releaseStock() {
        return new ReleaseStock(orderId);
    }

    MarkCancelled markCancelled() {
        return new MarkCancelled(orderId);
    }

    SendCancellation sendCancellation() {
        return new SendCancellation(orderId, customer, lines, total);
    }
}
