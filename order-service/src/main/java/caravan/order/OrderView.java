package caravan.order;

import caravan.common.contract.Address;
import caravan.common.contract.Failure;
import caravan.common.contract.Money;
import caravan.common.contract.PricedLine;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.Phase;
import caravan.common.contract.SagaAdvanced.What;
import caravan.common.messaging.TraceContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An order as its customer sees it: the fold of its sagas' events, and whether it was to be cancelled, which is on record
 * before any saga hears of it. Everything is a function of the set of events, whatever the order and number of their
 * arrivals; all but {@code statusHistory}, which is what was shown meanwhile.
 *
 * @param traceId of all that happens to the order, for whoever has to look into it
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
        @Nullable Cancellation cancellation,
        @Nullable String traceId,
        List<Entry> timeline,
        List<StatusChange> statusHistory) {

    private static final String PLACING = "place-order";
    private static final String CANCELLING = "cancel-order";
    private static final String CHARGE = "charge-payment";
    private static final String SHIP = "arrange-shipment";
    private static final String STOP = "cancel-shipment";

    enum PaymentStatus {
        CHARGED,
        REFUNDED
    }

    enum ShipmentStatus {
        ARRANGED,
        DISPATCHED,
        CANCELLED
    }

    record Payment(String chargeId, Money amount, PaymentStatus status) {}

    record Shipment(UUID shipmentId, String carrier, String trackingNumber, ShipmentStatus status) {}

    /** Why the order turned round. {@code sequence}: the entry of the timeline where it did. */
    record Reason(String code, String detail, int sequence) {}

    /** The customer wants it cancelled. {@code refused}: why it stays as it is. */
    record Cancellation(Instant requestedAt, @Nullable Refusal refused) {}

    record Refusal(String code, String detail) {}

    /** One transition of a saga; two of them may write to one order, each with its own sequence. */
    record Entry(String saga, int sequence, Instant at, String step, What what, Phase phase) {

        Entry {
            // As it was written when there was only one.
            saga = saga == null ? PLACING : saga;
        }

        static Entry of(SagaAdvanced event) {
            return new Entry(event.saga(), event.sequence(), event.at(), event.step(), event.what(), event.phase());
        }

        boolean sameAs(Entry other) {
            return sequence == other.sequence && saga.equals(other.saga);
        }

        boolean isPlacing() {
            return saga.equals(PLACING);
        }

        boolean did(String name) {
            return what == What.DONE && step.equals(name);
        }

        /** Of what a saga may do without end only the last time is kept, so that no timeline grows without end. */
        boolean replaces(Entry other) {
            boolean repeats = what == What.RESENT || what == What.DEFERRED;
            return repeats
                    && other.what == what
                    && other.step.equals(step)
                    && other.saga.equals(saga)
                    && other.sequence < sequence;
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
        Entry first = new Entry(PLACING, 0, at, "order-placed", What.DONE, Phase.RUNNING);
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
                null,
                null,
                List.of(first),
                List.of(new StatusChange(1, OrderStatus.PENDING, at)));
    }

    /** The same view when the event is known already. */
    OrderView apply(SagaAdvanced event) {
        Entry entry = Entry.of(event);
        if (timeline.stream().anyMatch(entry::sameAs)) {
            return this;
        }
        List<Entry> merged = merge(entry);
        OrderStatus now = statusOf(merged);
        OrderView next = new OrderView(
                id,
                now,
                createdAt,
                merged.stream().map(Entry::at).max(Comparator.naturalOrder()).orElse(updatedAt),
                total,
                items,
                shippingAddress,
                payment(merged, event.reply()),
                shipment(merged, event.reply()),
                failure(event),
                cancellation(event),
                traceId,
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

    /** As far as is known: no more events are to come. */
    boolean sagasHaveEnded() {
        Phase newest = timeline.getLast().phase();
        return newest == Phase.COMPLETED || newest == Phase.COMPENSATED;
    }

    /** Changes no status: what comes of it the sagas say. The first request counts. */
    OrderView cancelRequested(Instant at) {
        return cancellation == null ? with(new Cancellation(at, null), traceId) : this;
    }

    OrderView in(TraceContext trace) {
        return with(cancellation, trace.traceId().orElse(null));
    }

    private OrderView with(@Nullable Cancellation wanted, @Nullable String trace) {
        return new OrderView(
                id,
                status,
                createdAt,
                updatedAt,
                total,
                items,
                shippingAddress,
                payment,
                shipment,
                failure,
                wanted,
                trace,
                timeline,
                statusHistory);
    }

    /** How many transitions of the order's sagas are in it: the sum of their newest sequences. */
    int sequence() {
        return newest(timeline.stream().filter(Entry::isPlacing))
                + newest(timeline.stream().filter(e -> !e.isPlacing()));
    }

    private static int newest(Stream<Entry> entries) {
        return entries.mapToInt(Entry::sequence).max().orElse(0);
    }

    private List<Entry> merge(Entry entry) {
        List<Entry> merged = new ArrayList<>(timeline);
        merged.removeIf(entry::replaces);
        if (merged.stream().noneMatch(other -> other.replaces(entry))) {
            merged.add(entry);
        }
        // The placing first, then the cancelling: clocks of two orchestrators may differ, sequences do not.
        merged.sort(Comparator.comparing((Entry e) -> !e.isPlacing()).thenComparingInt(Entry::sequence));
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

    private OrderStatus statusOf(List<Entry> timeline) {
        List<Entry> cancelling = timeline.stream().filter(e -> !e.isPlacing()).toList();
        if (cancelling.stream().anyMatch(e -> e.did("mark-cancelled"))) {
            return OrderStatus.CANCELLED;
        }
        // Until the parcel is stopped, and when it has left, the order is what it was.
        return cancelling.stream().anyMatch(e -> e.did(STOP))
                ? OrderStatus.CANCELLING
                : placed(timeline.stream().filter(Entry::isPlacing).toList());
    }

    private OrderStatus placed(List<Entry> timeline) {
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
                case UNDOING -> shown = entry.what() == What.CANCELLED ? OrderStatus.CANCELLING : shown;
                case COMPENSATED -> shown = cancellation == null ? OrderStatus.REJECTED : OrderStatus.CANCELLED;
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
        boolean back = undone(merged, CHARGE) || merged.stream().anyMatch(e -> e.did("refund-payment"));
        PaymentStatus now = back ? PaymentStatus.REFUNDED : PaymentStatus.CHARGED;
        if (reply instanceof Reply.PaymentCharged charged) {
            return new Payment(charged.chargeId(), charged.amount(), now);
        }
        return payment == null ? null : new Payment(payment.chargeId(), payment.amount(), now);
    }

    private @Nullable Shipment shipment(List<Entry> merged, @Nullable Reply reply) {
        ShipmentStatus now = shipmentStatus(merged);
        if (reply instanceof Reply.ShipmentArranged(UUID shipmentId, String carrier, String trackingNumber)) {
            return new Shipment(shipmentId, carrier, trackingNumber, now);
        }
        return shipment == null
                ? null
                : new Shipment(shipment.shipmentId(), shipment.carrier(), shipment.trackingNumber(), now);
    }

    private static ShipmentStatus shipmentStatus(List<Entry> timeline) {
        if (undone(timeline, SHIP) || timeline.stream().anyMatch(e -> e.did(STOP))) {
            return ShipmentStatus.CANCELLED;
        }
        boolean left = timeline.stream()
                .anyMatch(e -> e.what() == What.REJECTED && e.step().equals(STOP));
        return left ? ShipmentStatus.DISPATCHED : ShipmentStatus.ARRANGED;
    }

    private static boolean undone(List<Entry> timeline, String step) {
        return timeline.stream()
                .anyMatch(e -> e.what() == What.UNDONE && e.step().equals(step));
    }

    private @Nullable Reason failure(SagaAdvanced event) {
        Failure why = event.failure();
        // What the customer wanted is no failure, and neither is that an order stays as it is.
        if (why == null || why.code().equals(Failure.CANCELLED) || event.saga().equals(CANCELLING)) {
            return failure;
        }
        if (failure != null && failure.sequence() < event.sequence()) {
            return failure;
        }
        return new Reason(why.code(), why.detail(), event.sequence());
    }

    private @Nullable Cancellation cancellation(SagaAdvanced event) {
        Failure why = event.failure();
        return cancellation == null || why == null || !event.saga().equals(CANCELLING)
                ? cancellation
                : new Cancellation(cancellation.requestedAt(), new Refusal(why.code(), why.detail()));
    }
}
