package caravan.saga.placeorder;

import caravan.common.contract.Address;
import caravan.common.contract.Customer;
import caravan.common.contract.Failure;
import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.Line;
import caravan.common.contract.Money;
import caravan.common.contract.NotificationCommand.SendConfirmation;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.common.contract.OrderPlaced;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.PricedLine;
import caravan.common.contract.Reply;
import caravan.common.contract.ShipmentCommand.ArrangeShipment;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** One order, the commands that its saga may send, and the replies it may get. */
final class Orders {

    static final UUID ID = UUID.fromString("018f0000-0000-7000-8000-00000000000a");
    static final Customer ADA = new Customer(ID, "Ada", "ada@example.org");
    static final Address HOME = new Address("Ada", "12 St James's Square", null, "London", "SW1Y 4JH", "GB");
    static final Money TOTAL = new Money(4200, "EUR");
    static final List<PricedLine> LINES = List.of(new PricedLine("tea-1", "Tea", 2, new Money(2100, "EUR")));
    static final OrderPlaced PLACED =
            new OrderPlaced(ID, ADA, LINES, TOTAL, HOME, "tok_ada", Instant.parse("2026-03-01T11:59:59Z"));

    static final ReserveStock RESERVE = new ReserveStock(ID, List.of(new Line("tea-1", 2)));
    static final ReleaseStock RELEASE = new ReleaseStock(ID);
    static final ChargePayment CHARGE = new ChargePayment(ID, TOTAL, "tok_ada");
    static final RefundPayment REFUND = new RefundPayment(ID);
    static final ArrangeShipment ARRANGE = new ArrangeShipment(ID, HOME, List.of(new Line("tea-1", 2)));
    static final CancelShipment CANCEL = new CancelShipment(ID);
    static final ApproveOrder APPROVE = new ApproveOrder(ID);
    static final SendConfirmation CONFIRM = new SendConfirmation(ID, ADA, LINES, TOTAL);

    static final Reply RESERVED = new Reply.StockReserved();
    static final Reply RELEASED = new Reply.StockReleased();
    static final Reply.StockUnavailable UNAVAILABLE = new Reply.StockUnavailable("tea-1", 2, 1);
    static final Reply.PaymentCharged CHARGED = new Reply.PaymentCharged("ch_1", TOTAL);
    static final Reply REFUNDED = new Reply.PaymentRefunded();
    static final Reply.CardDeclined DECLINED = new Reply.CardDeclined("insufficient funds");
    static final Reply.ShipmentArranged ARRANGED = new Reply.ShipmentArranged(ID, "DHL", "JD0146");
    static final Reply CANCELLED = new Reply.ShipmentCancelled();
    static final Reply.AddressUndeliverable UNDELIVERABLE = new Reply.AddressUndeliverable("GB");
    static final Reply APPROVED = new Reply.OrderApproved();
    static final Reply REJECTED = new Reply.OrderRejected();
    static final Reply SENT = new Reply.ConfirmationSent();

    private Orders() {}

    static RejectOrder reject(Failure why) {
        return new RejectOrder(ID, why);
    }
}
