package caravan.order;

import caravan.common.contract.Address;
import caravan.common.contract.Failure;
import caravan.common.contract.Money;
import caravan.common.contract.PricedLine;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.Phase;
import caravan.common.contract.SagaAdvanced.What;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order as its customer sees it: the fold of its saga's events. Everything is a function of the set of events, whatever
 * the order and number of their arrivals; all but {@code statusHistory}, which is what was shown meanwhile.
 */
record OrderView(
        UUID id,
        OrderStatus status,
        Instant createdAt,
        Instant updatedAt,
        Money total,
        List<PricedLine> items,
        Address shippingAddress,
        @Nullable Payment payment,
        @Nullable Shipment shipment,
        @Nullable Reason failure,
        List<Entry> timeline,
        List<StatusChange> statusHistory) {

    private static final String CHARGE = "charge-payment";
    private static final String SHIP = "arrange-shipment";

    enum PaymentStatus {
        CHARGED,
        REFUNDED
    }

    enum ShipmentStatus {
        ARRANGED,
        CANCELLED
    }

    record Payment(String chargeId, Money amount, PaymentStatus status) {}

    record Shipment(UUID shipmentId, String carrier, String trackingNumber, ShipmentStatus status) {}

    /** Why the order turned round. {@code sequence}: the entry of the timeline where it did. */
    record Reason(String code, String detail, int sequence) {}

    record Entry(int sequence, Instant at, String step, What what, Phase phase) {

        /** Of what a saga may do without end only the last time is kept, so that no timeline grows without end. */
        boolean replaces(Entry other) {
            boolean repeats = what == What.RESENT || what == What.DEFERRED;
            return repeats && other.what == what && other.step.equals(step) && other.sequence < sequence;
        }
    }

    /**
     * What the customer was shown, in the order it was shown: only ever added to, so that a number means the same change for
     * ever. Events in another order than theirs make it shorter, never wrong.
     *
     * @param sequence 1, 2, 3 …
     */
    record StatusChange(int sequence, OrderStatus status, Instant at) {}

    OrderView {
        items = List.copyOf(items);
        timeline = List.copyOf(timeline);
        // A view that was stored before there was a history.
        statusHistory =
                statusHistory == null ? List.of(new StatusChange(1, status, createdAt)) : List.copyOf(statusHistory);
    }

    static OrderView accepted(UUID id, Instant at, List<PricedLine> items, Money total, Address shippingAddress) {
        Entry first = new Entry(0, at, "order-placed", What.DONE, Phase.RUNNING);
        return new OrderView(
                id,
                OrderStatus.PENDING,
                at,
                at,
                total,
                items,
                shippingAddress,
                null,
                null,
                null,
                List.of(first),
                List.of(new StatusChange(1, OrderStatus.PENDING, at)));
    }

    /** The same view when the event is known already. */
    OrderView apply(SagaAdvanced event) {
        Entry entry = new Entry(event.sequence(), event.at(), event.step(), event.what(), event.phase());
        if (timeline.stream().anyMatch(e -> e.sequence() == entry.sequence())) {
            return this;
        }
        List<Entry> merged = merge(entry);
        OrderStatus now = statusOf(merged);
        OrderView next = new OrderView(
                id,
                now,
                createdAt,
                merged.getLast().at(),
                total,
                items,
                shippingAddress,
                payment(merged, event.reply()),
                shipment(merged, event.reply()),
                failure(event),
                merged,
                history(now, event.at()));
        return next.equals(this) ? this : next;
    }

    /** Nothing more happens by itself: its stream closes. */
    boolean hasEnded() {
        return status.isFinal();
    }

    /** Whoever waits for an answer has it. A stuck order may stay so for hours, and is better told of than waited for. */
    boolean endsWait() {
        return hasEnded() || status == OrderStatus.NEEDS_ATTENTION;
    }

    int sequence() {
        return timeline.getLast().sequence();
    }

    private List<Entry> merge(Entry entry) {
        List<Entry> merged = new ArrayList<>(timeline);
        merged.removeIf(entry::replaces);
        if (merged.stream().noneMatch(other -> other.replaces(entry))) {
            merged.add(entry);
        }
        merged.sort(Comparator.comparingInt(Entry::sequence));
        return merged;
    }

    private List<StatusChange> history(OrderStatus now, Instant at) {
        if (now == status) {
            return statusHistory;
        }
        List<StatusChange> longer = new ArrayList<>(statusHistory);
        longer.add(new StatusChange(statusHistory.getLast().sequence() + 1, now, at));
        return longer;
    }

    private static OrderStatus statusOf(List<Entry> timeline) {
        OrderStatus forward = OrderStatus.PENDING;
        OrderStatus shown = OrderStatus.PENDING;
        for (Entry entry : timeline) {
            if (entry.what() == What.STUCK) {
                shown = OrderStatus.NEEDS_ATTENTION;
                continue;
            }
            switch (entry.phase()) {
                case RUNNING, COMPLETED -> {
                    forward = forward.or(reached(entry));
                    shown = forward;
                }
                // A customer sees no step being taken back, only the end of it.
                case UNDOING -> {}
                case COMPENSATED -> shown = OrderStatus.REJECTED;
                case STUCK -> shown = OrderStatus.NEEDS_ATTENTION;
            }
        }
        return shown;
    }

    private static OrderStatus reached(Entry entry) {
        if (entry.what() == What.DEFERRED && entry.step().equals(CHARGE)) {
            return OrderStatus.PAYMENT_QUEUED;
        }
        if (entry.what() != What.DONE) {
            return OrderStatus.PENDING;
        }
        return switch (entry.step()) {
            case "reserve-stock" -> OrderStatus.STOCK_RESERVED;
            case CHARGE -> OrderStatus.PAID;
            case SHIP -> OrderStatus.SHIPMENT_ARRANGED;
            case "approve-order" -> OrderStatus.APPROVED;
            default -> OrderStatus.PENDING;
        };
    }

    private @Nullable Payment payment(List<Entry> merged, @Nullable Reply reply) {
        PaymentStatus now = undone(merged, CHARGE) ? PaymentStatus.REFUNDED : PaymentStatus.CHARGED;
        if (reply instanceof Reply.PaymentCharged charged) {
            return new Payment(charged.chargeId(), charged.amount(), now);
        }
        return payment == null ? null : new Payment(payment.chargeId(), payment.amount(), now);
    }

    private @Nullable Shipment shipment(List<Entry> merged, @Nullable Reply reply) {
        ShipmentStatus now = undone(merged, SHIP) ? ShipmentStatus.CANCELLED : ShipmentStatus.ARRANGED;
        if (reply instanceof Reply.ShipmentArranged(UUID shipmentId, String carrier, String trackingNumber)) {
            return new Shipment(shipmentId, carrier, trackingNumber, now);
        }
        return shipment == null
                ? null
                : new Shipment(shipment.shipmentId(), shipment.carrier(), shipment.trackingNumber(), now);
    }

    private static boolean undone(List<Entry> timeline, String step) {
        return timeline.stream()
                .anyMatch(e -> e.what() == What.UNDONE && e.step().equals(step));
    }

    private @Nullable Reason failure(SagaAdvanced event) {
        Failure why = event.failure();
        if (why == null || (failure != null && failure.sequence() < event.sequence())) {
            return failure;
        }
        return new Reason(why.code(), why.detail(), event.sequence());
    }
}
