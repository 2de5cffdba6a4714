package caravan.order;

import caravan.common.contract.Address;
import caravan.common.contract.Customer;
import caravan.common.contract.Money;
import caravan.common.contract.OrderCancellationRequested;
import caravan.common.contract.OrderPlaced;
import caravan.common.contract.PricedLine;
import caravan.common.contract.Topics;
import caravan.common.messaging.Json;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.TraceContext;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** An accepted order. Its prices are those of the moment it was accepted. */
record Order(
        UUID id,
        Customer customer,
        List<PricedLine> lines,
        Money total,
        Address shippingAddress,
        String cardToken,
        Instant placedAt,
        TraceContext trace) {

    /** The body of 202. */
    record Answer(
            UUID id, OrderStatus status, Money total, List<PricedLine> items, Instant createdAt, String eventsUrl) {}

    Order {
        lines = List.copyOf(lines);
    }

    static Order of(Draft draft, Pricing.Priced priced) {
        return new Order(
                draft.orderId(),
                draft.caller().customer(),
                priced.lines(),
                priced.total(),
                draft.request().shippingAddress(),
                draft.request().cardToken(),
                draft.placedAt(),
                draft.trace());
    }

    static String path(UUID id) {
        return "/api/v1/orders/" + id;
    }

    OrderView view() {
        return OrderView.accepted(id, placedAt, lines, total, shippingAddress).in(trace);
    }

    Receipt receipt() {
        return new Receipt(
                id, Json.text(new Answer(id, OrderStatus.PENDING, total, lines, placedAt, path(id) + "/events")));
    }

    /** Starts the saga; under the same id however often it is said, and as old as the order: no saga of old starts anew. */
    Outgoing placed(String source) {
        OrderPlaced event = new OrderPlaced(id, customer, lines, total, shippingAddress, cardToken, placedAt);
        return Outgoing.of(Topics.ORDER_EVENTS, id.toString(), id + ":placed", source, trace, event)
                .at(placedAt);
    }

    /** Under one id before the approval, and one after it, however often it is said. */
    Outgoing cancellation(Standing standing, String source, TraceContext cause) {
        boolean approved = standing.state() == Standing.State.APPROVED;
        OrderCancellationRequested event = new OrderCancellationRequested(
                id, customer, lines, total, standing.mustBeRequested(), standing.cancelReason(), approved);
        String message = id + (approved ? ":cancel:approved" : ":cancel");
        return Outgoing.of(Topics.ORDER_EVENTS, id.toString(), message, source, cause, event);
    }
}
