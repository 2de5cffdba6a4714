package caravan.common.messaging;

import caravan.common.contract.Address;
import caravan.common.contract.Command;
import caravan.common.contract.Customer;
import caravan.common.contract.Event;
import caravan.common.contract.Failure;
import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.Line;
import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.Money;
import caravan.common.contract.NotificationCommand.SendCancellation;
import caravan.common.contract.NotificationCommand.SendConfirmation;
import caravan.common.contract.OrderCancellationRequested;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.KeepOrder;
import caravan.common.contract.OrderCommand.MarkCancelled;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.common.contract.OrderPlaced;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.PricedLine;
import caravan.common.contract.ProductChanged;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import caravan.common.contract.ShipmentCommand.ArrangeShipment;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import caravan.common.contract.Topics;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** One of each message, always the same, with the envelope it travels in. */
record Sample(String topic, Envelope envelope, Message message) {

    private static final UUID SAGA = UUID.fromString("0198c0de-0000-7000-8000-00000000000a");
    private static final UUID ORDER = UUID.fromString("0198c0de-0000-7000-8000-00000000002a");
    private static final UUID CUSTOMER = UUID.fromString("0198c0de-0000-7000-8000-0000000000cc");
    private static final UUID SHIPMENT = UUID.fromString("0198c0de-0000-7000-8000-0000000000dd");
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final Money PRICE = new Money(1999, "EUR");
    private static final Customer ADA = new Customer(CUSTOMER, "Ada Lovelace", "ada@example.com");
    private static final Address HOME =
            new Address("Ada Lovelace", "12 St James's Square", null, "London", "SW1Y", "GB");
    private static final List<PricedLine> LINES =
            List.of(new PricedLine("TEA-1", "Grüner Tee", 2, PRICE), new PricedLine("CUP-7", "Cup", 1, PRICE));
    private static final TraceContext TRACE =
            new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=value", "tenant=demo");

    static Stream<Sample> all() {
        return Stream.of(
                        new ApproveOrder(ORDER),
                        new RejectOrder(ORDER, new Failure("card-declined", "insufficient funds")),
                        new KeepOrder(ORDER, new Failure("already-dispatched", "the parcel left")),
                        new MarkCancelled(ORDER),
                        new ReserveStock(ORDER, List.of(new Line("TEA-1", 2))),
                        new ReleaseStock(ORDER),
                        new ChargePayment(ORDER, PRICE, "tok_ok"),
                        new RefundPayment(ORDER),
                        new ArrangeShipment(ORDER, HOME, List.of(new Line("TEA-1", 2))),
                        new CancelShipment(ORDER),
                        new SendConfirmation(ORDER, ADA, LINES, new Money(5997, "EUR")),
                        new SendCancellation(ORDER, ADA, LINES, new Money(5997, "EUR")),
                        new Reply.StockReserved(),
                        new Reply.StockReleased(),
                        new Reply.StockUnavailable("SOLD-OUT", 2, 0),
                        new Reply.PaymentCharged("ch_42", PRICE),
                        new Reply.PaymentRefunded(),
                        new Reply.CardDeclined("insufficient funds"),
                        new Reply.ShipmentArranged(SHIPMENT, "Caravan Express", "CX42"),
                        new Reply.ShipmentCancelled(),
                        new Reply.AddressUndeliverable("AQ"),
                        new Reply.AlreadyDispatched(AT),
                        new Reply.OrderApproved(),
                        new Reply.OrderRejected(),
                        new Reply.OrderKept(),
                        new Reply.OrderCancelled(),
                        new Reply.ConfirmationSent(),
                        new Reply.CancellationSent(),
                        new Reply.Deferred(AT, "the card network is away"),
                        new Reply.Refused(),
                        new OrderPlaced(ORDER, ADA, LINES, new Money(5997, "EUR"), HOME, "tok_ok", AT),
                        new OrderCancellationRequested(
                                ORDER, ADA, LINES, new Money(5997, "EUR"), AT, "found it cheaper", true),
                        new SagaAdvanced(
                                SAGA,
                                "place-order",
                                ORDER,
                                3,
                                AT,
                                "charge-payment",
                                SagaAdvanced.What.REJECTED,
                                SagaAdvanced.Phase.UNDOING,
                                new Failure("card-declined", "insufficient funds"),
                                new Reply.CardDeclined("insufficient funds")),
                        new SagasForgotten(List.of(new Forgotten(ORDER, ORDER), new Forgotten(SAGA, ORDER))),
                        new ProductChanged("TEA-1", "Grüner Tee", "Mild", PRICE, List.of("tea", "green"), 7))
                .map(Sample::of);
    }

    String name() {
        return envelope.type();
    }

    Outgoing outgoing() {
        return new Outgoing(topic, String.valueOf(envelope.subject()), envelope, Json.bytes(message));
    }

    MessageTypes<?> types() {
        return switch (topic) {
            case Topics.ORDER_COMMANDS -> MessageTypes.ORDER_COMMANDS;
            case Topics.INVENTORY_COMMANDS -> MessageTypes.INVENTORY_COMMANDS;
            case Topics.PAYMENT_COMMANDS -> MessageTypes.PAYMENT_COMMANDS;
            case Topics.SHIPMENT_COMMANDS -> MessageTypes.SHIPMENT_COMMANDS;
            case Topics.NOTIFICATION_COMMANDS -> MessageTypes.NOTIFICATION_COMMANDS;
            case Topics.SAGA_REPLIES -> MessageTypes.REPLIES;
            case Topics.SAGA_EVENTS -> MessageTypes.SAGA_EVENTS;
            case Topics.SAGA_RETENTION -> MessageTypes.SAGA_RETENTION;
            case Topics.ORDER_EVENTS -> MessageTypes.ORDER_EVENTS;
            case Topics.PRODUCT_EVENTS -> MessageTypes.PRODUCT_EVENTS;
            default -> throw new IllegalArgumentException("no such topic: " + topic);
        };
    }

    @Override
    public String toString() {
        return name();
    }

    private static Sample of(Message message) {
        MessageId id = new MessageId(SAGA, "step-name", Direction.DO);
        return switch (message) {
            case Command command ->
                of(Topics.of(command), id.toString(), SAGA, message).due();
            case Reply.Deferred later ->
                of(Topics.SAGA_REPLIES, id.deferralId(later.until().toEpochMilli()), SAGA, message);
            case Reply _ -> of(Topics.SAGA_REPLIES, id.replyId(), SAGA, message);
            case Event event ->
                switch (event) {
                    case OrderPlaced _ -> of(Topics.ORDER_EVENTS, ORDER + ":placed", ORDER, message);
                    case OrderCancellationRequested _ ->
                        of(Topics.ORDER_EVENTS, ORDER + ":cancel:approved", ORDER, message);
                    case SagaAdvanced _ -> of(Topics.SAGA_EVENTS, SAGA + ":3", SAGA, message);
                    case SagasForgotten _ -> of(Topics.SAGA_RETENTION, ORDER + ":forgotten", ORDER, message);
                    case ProductChanged _ -> of(Topics.PRODUCT_EVENTS, "TEA-1:7", "TEA-1", message);
                };
        };
    }

    private static Sample of(String topic, String id, Object subject, Message message) {
        String type = MessageTypes.nameOf(message);
        return new Sample(topic, new Envelope(id, type, "test-service", subject.toString(), AT, TRACE, null), message);
    }

    private Sample due() {
        Envelope e = envelope;
        return new Sample(
                topic,
                new Envelope(e.id(), e.type(), e.source(), e.subject(), e.time(), e.trace(), AT.plusSeconds(30)),
                message);
    }
}
