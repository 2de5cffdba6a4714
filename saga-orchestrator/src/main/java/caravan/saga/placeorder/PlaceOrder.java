package caravan.saga.placeorder;

import caravan.common.contract.Address;
import caravan.common.contract.Customer;
import caravan.common.contract.Failure;
import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.Money;
import caravan.common.contract.NotificationCommand.SendConfirmation;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.common.contract.OrderPlaced;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.PricedLine;
import caravan.common.contract.Reply.PaymentCharged;
import caravan.common.contract.Reply.ShipmentArranged;
import caravan.common.contract.ShipmentCommand.ArrangeShipment;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the saga remembers of an order, and the commands it makes of it.
 *
 * @param charge null until the card was charged
 * @param shipment null until the parcel was arranged
 */
public record PlaceOrder(
        UUID orderId,
        Customer customer,
        List<PricedLine> lines,
        Money total,
        Address shippingAddress,
        String cardToken,
        @Nullable PaymentCharged charge,
        @Nullable ShipmentArranged shipment) {

    public PlaceOrder {
        lines = List.copyOf(lines);
    }

    public static PlaceOrder of(OrderPlaced order) {
        return new PlaceOrder(
                order.orderId(),
                order.customer(),
                order.lines(),
                order.total(),
                order.shippingAddress(),
                order.cardToken(),
                null,
                null);
    }

    PlaceOrder charged(PaymentCharged reply) {
        return new PlaceOrder(orderId, customer, lines, total, shippingAddress, cardToken, reply, shipment);
    }

    PlaceOrder shipping(ShipmentArranged reply) {
        return new PlaceOrder(orderId, customer, lines, total, shippingAddress, cardToken, charge, reply);
    }

    RejectOrder rejectOrder(Failure why) {
        return new RejectOrder(orderId, why);
    }

    ReserveStock reserveStock() {
        return new ReserveStock(orderId, lines.stream().map(PricedLine::line).toList());
    }

    ReleaseStock releaseStock() {
        return new ReleaseStock(orderId);
    }

    ChargePayment chargePayment() {
        return new ChargePayment(orderId, total, cardToken);
    }

    RefundPayment refundPayment() {
        return new RefundPayment(orderId);
    }

    ArrangeShipment arrangeShipment() {
        return new ArrangeShipment(
                orderId, shippingAddress, lines.stream().map(PricedLine::line).toList());
    }

    CancelShipment cancelShipment() {
        return new CancelShipment(orderId);
    }

    ApproveOrder approveOrder() {
        return new ApproveOrder(orderId);
    }

    SendConfirmation sendConfirmation() {
        return new SendConfirmation(orderId, customer, lines, total);
    }
}
