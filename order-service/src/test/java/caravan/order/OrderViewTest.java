package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.Address;
import caravan.common.contract.Failure;
import caravan.common.contract.Money;
import caravan.common.contract.PricedLine;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.Phase;
import caravan.common.contract.SagaAdvanced.What;
import caravan.common.messaging.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderViewTest {

    private static final UUID ORDER = UUID.randomUUID();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Money TOTAL = new Money(900, "EUR");
    private static final Failure WISHED = new Failure(Failure.CANCELLED, "the customer cancelled");
    private static final Failure DECLINED = new Failure("card-declined", "no money");
    private static final Failure UNDELIVERABLE = new Failure("address-undeliverable", "no carrier delivers to AQ");

    private static final List<SagaAdvanced> HAPPY = List.of(
            event(1, "reserve-stock", What.STARTED, Phase.RUNNING, null, null),
            event(2, "reserve-stock", What.DONE, Phase.RUNNING, null, new Reply.StockReserved()),
            event(3, "charge-payment", What.DEFERRED, Phase.RUNNING, null, new Reply.Deferred(START, "breaker")),
            event(4, "charge-payment", What.DEFERRED, Phase.RUNNING, null, new Reply.Deferred(START, "breaker")),
            event(5, "charge-payment", What.DONE, Phase.RUNNING, null, new Reply.PaymentCharged("ch_1", TOTAL)),
            event(6, "arrange-shipment", What.RESENT, Phase.RUNNING, null, null),
            event(7, "arrange-shipment", What.DONE, Phase.RUNNING, null, arranged()),
            event(8, "approve-order", What.DONE, Phase.RUNNING, null, new Reply.OrderApproved()),
            event(9, "send-confirmation", What.DONE, Phase.COMPLETED, null, new Reply.ConfirmationSent()));

    private static final List<SagaAdvanced> UNDELIVERED = List.of(
            HAPPY.get(0),
            HAPPY.get(1),
            event(3, "charge-payment", What.DONE, Phase.RUNNING, null, new Reply.PaymentCharged("ch_1", TOTAL)),
            event(4, "arrange-shipment", What.REJECTED, Phase.UNDOING, UNDELIVERABLE, null),
            event(5, "charge-payment", What.RESENT, Phase.UNDOING, UNDELIVERABLE, null),
            event(6, "charge-payment", What.UNDONE, Phase.UNDOING, UNDELIVERABLE, new Reply.PaymentRefunded()),
            event(7, "reserve-stock", What.UNDONE, Phase.UNDOING, UNDELIVERABLE, new Reply.StockReleased()),
            event(8, "order-placed", What.UNDONE, Phase.COMPENSATED, UNDELIVERABLE, new Reply.OrderRejected()));

    private static final List<SagaAdvanced> CANCELLED_LATER = List.of(
            cancel(1, "cancel-requested", What.STARTED, Phase.RUNNING, null),
            cancel(2, "cancel-shipment", What.DONE, Phase.RUNNING, new Reply.ShipmentCancelled()),
            cancel(3, "refund-payment", What.DONE, Phase.RUNNING, new Reply.PaymentRefunded()),
            cancel(4, "release-stock", What.DONE, Phase.RUNNING, new Reply.StockReleased()),
            cancel(5, "mark-cancelled", What.DONE, Phase.RUNNING, new Reply.OrderCancelled()),
            cancel(6, "tell-customer", What.DONE, Phase.COMPLETED, new Reply.CancellationSent()));

    @Test
    void showsEachStepForward() {
        List<OrderStatus> seen = statuses(HAPPY);

        assertThat(seen)
                .containsExactly(
                        OrderStatus.PENDING,
                        OrderStatus.STOCK_RESERVED,
                        OrderStatus.PAYMENT_QUEUED,
                        OrderStatus.PAYMENT_QUEUED,
                        OrderStatus.PAID,
                        OrderStatus.PAID,
                        OrderStatus.SHIPMENT_ARRANGED,
                        OrderStatus.APPROVED,
                        OrderStatus.APPROVED);
    }

    @Test
    void keepsWhatTheParticipantsSaid() {
        OrderView view = fold(HAPPY);

        assertThat(view.payment()).isEqualTo(new OrderView.Payment("ch_1", TOTAL, OrderView.PaymentStatus.CHARGED));
        assertThat(view.shipment()).isNotNull();
        assertThat(view.failure()).isNull();
        assertThat(view.updatedAt()).isEqualTo(START.plusSeconds(9));
        assertThat(view.sequence()).isEqualTo(9);
    }

    @Test
    void showsTheLastStepForwardWhileItIsBeingUndone() {
        List<OrderStatus> seen = statuses(UNDELIVERED);

        assertThat(seen.subList(2, 7)).containsOnly(OrderStatus.PAID);
        assertThat(seen.getLast()).isEqualTo(OrderStatus.REJECTED);
    }

    @Test
    void saysWhyItWasRejectedAndThatTheMoneyWentBack() {
        OrderView view = fold(UNDELIVERED);

        assertThat(view.failure()).isEqualTo(new OrderView.Reason(UNDELIVERABLE.code(), UNDELIVERABLE.detail(), 4));
        assertThat(view.payment()).isEqualTo(new OrderView.Payment("ch_1", TOTAL, OrderView.PaymentStatus.REFUNDED));
    }

    @Test
    void needsAttentionUntilTheUndoIsThrough() {
        List<SagaAdvanced> events = List.of(
                HAPPY.get(0),
                HAPPY.get(1),
                event(3, "charge-payment", What.REJECTED, Phase.UNDOING, DECLINED, null),
                event(4, "reserve-stock", What.STUCK, Phase.STUCK, DECLINED, null),
                event(5, "reserve-stock", What.RESENT, Phase.UNDOING, DECLINED, null),
                event(6, "reserve-stock", What.UNDONE, Phase.UNDOING, DECLINED, null),
                event(7, "order-placed", What.UNDONE, Phase.COMPENSATED, DECLINED, null));

        assertThat(statuses(events).subList(3, 7))
                .containsExactly(
                        OrderStatus.NEEDS_ATTENTION,
                        OrderStatus.NEEDS_ATTENTION,
                        OrderStatus.NEEDS_ATTENTION,
                        OrderStatus.REJECTED);
    }

    @Test
    void isCancellingOnceItHasTurnedRoundAndCancelledInTheEnd() {
        List<SagaAdvanced> events = List.of(
                HAPPY.get(0),
                HAPPY.get(1),
                event(3, "charge-payment", What.CANCELLED, Phase.UNDOING, WISHED, null),
                event(4, "charge-payment", What.UNDONE, Phase.UNDOING, WISHED, new Reply.PaymentRefunded()),
                event(5, "reserve-stock", What.UNDONE, Phase.UNDOING, WISHED, new Reply.StockReleased()),
                event(6, "order-placed", What.UNDONE, Phase.COMPENSATED, WISHED, new Reply.OrderRejected()));

        List<OrderStatus> seen = statuses(wanted(), events);

        assertThat(seen.get(1)).isEqualTo(OrderStatus.STOCK_RESERVED);
        assertThat(seen.subList(2, 5)).containsOnly(OrderStatus.CANCELLING);
        assertThat(seen.getLast()).isEqualTo(OrderStatus.CANCELLED);
        assertThat(fold(wanted(), events).failure()).isNull();
    }

    @Test
    void isCancelledAlsoWhenItFailedOfItselfMeanwhile() {
        OrderView view = fold(wanted(), UNDELIVERED);

        assertThat(view.status()).isEqualTo(OrderStatus.CANCELLED);
        assertThat(view.failure()).isNotNull();
    }

    @Test
    void staysApprovedUntilTheParcelIsStoppedAndEndsCancelled() {
        OrderView approved = fold(wanted(), HAPPY);

        assertThat(statuses(approved, CANCELLED_LATER))
                .containsExactly(
                        OrderStatus.APPROVED,
                        OrderStatus.CANCELLING,
                        OrderStatus.CANCELLING,
                        OrderStatus.CANCELLING,
                        OrderStatus.CANCELLED,
                        OrderStatus.CANCELLED);
        OrderView view = fold(approved, CANCELLED_LATER);
        assertThat(view.payment()).isEqualTo(new OrderView.Payment("ch_1", TOTAL, OrderView.PaymentStatus.REFUNDED));
        assertThat(view.shipment()).isNotNull().returns(OrderView.ShipmentStatus.CANCELLED, OrderView.Shipment::status);
        assertThat(view.sequence()).isEqualTo(15);
    }

    @Test
    void staysApprovedAndSaysWhyWhenTheParcelHasLeft() {
        Reply.AlreadyDispatched left = new Reply.AlreadyDispatched(START);
        List<SagaAdvanced> events = List.of(
                cancel(1, "cancel-requested", What.STARTED, Phase.RUNNING, null),
                cancel(2, "cancel-shipment", What.REJECTED, Phase.UNDOING, left),
                cancel(3, "cancel-requested", What.STUCK, Phase.STUCK, null),
                cancel(4, "cancel-requested", What.UNDONE, Phase.COMPENSATED, new Reply.OrderKept()));

        OrderView view = fold(fold(wanted(), HAPPY), events);

        assertThat(statuses(fold(wanted(), HAPPY), events)).containsOnly(OrderStatus.APPROVED);
        assertThat(view.shipment())
                .isNotNull()
                .returns(OrderView.ShipmentStatus.DISPATCHED, OrderView.Shipment::status);
        assertThat(view.failure()).isNull();
        assertThat(view.cancellation())
                .isEqualTo(new OrderView.Cancellation(
                        START, new OrderView.Refusal(Failure.ALREADY_DISPATCHED, "the parcel left at " + START)));
    }

    @Test
    void readsWhatWasStoredWhenThereWasOneSaga() {
        String before = Json.text(fold(HAPPY)).replace("\"saga\":\"place-order\",", "");

        OrderView view = Json.read(before, OrderView.class);

        assertThat(before).doesNotContain("place-order");
        assertThat(view).isEqualTo(fold(HAPPY));
    }

    @Test
    void comesOutTheSameWhateverTheOrderAndNumberOfArrivals() {
        Random random = new Random(42);
        List<SagaAdvanced> both = new ArrayList<>(HAPPY);
        both.addAll(CANCELLED_LATER);
        for (List<SagaAdvanced> events : List.of(HAPPY, UNDELIVERED, both)) {
            OrderView expected = fold(wanted(), events);
            for (int run = 0; run < 500; run++) {
                List<SagaAdvanced> shuffled = new ArrayList<>(events);
                shuffled.addAll(events.subList(0, random.nextInt(events.size())));
                Collections.shuffle(shuffled, random);

                OrderView view = fold(wanted(), shuffled);

                assertThat(view)
                        .usingRecursiveComparison()
                        .ignoringFields("statusHistory")
                        .isEqualTo(expected);
                assertThat(view.statusHistory().getLast().status()).isEqualTo(expected.status());
                assertThat(sequences(view))
                        .isEqualTo(IntStream.rangeClosed(1, sequences(view).size())
                                .boxed()
                                .toList());
            }
        }
    }

    @Test
    void isTheSameAfterAnEventItKnows() {
        OrderView view = fold(UNDELIVERED);

        assertThat(UNDELIVERED)
                .allSatisfy(event -> assertThat(view.apply(event)).isSameAs(view));
    }

    @Test
    void keepsOnlyTheLastOfManyResends() {
        OrderView view = fold(HAPPY.subList(0, 1));
        for (int sequence = 2; sequence < 1000; sequence++) {
            view = view.apply(event(sequence, "reserve-stock", What.RESENT, Phase.RUNNING, null, null));
        }

        assertThat(view.timeline()).hasSize(3);
        assertThat(view.sequence()).isEqualTo(999);
    }

    @Test
    void remembersEachStatusOnce() {
        OrderView view = fold(HAPPY);

        assertThat(view.statusHistory())
                .extracting(OrderView.StatusChange::status)
                .containsExactly(
                        OrderStatus.PENDING,
                        OrderStatus.STOCK_RESERVED,
                        OrderStatus.PAYMENT_QUEUED,
                        OrderStatus.PAID,
                        OrderStatus.SHIPMENT_ARRANGED,
                        OrderStatus.APPROVED);
        assertThat(sequences(view)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(view.statusHistory().get(3).at()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void onlyEverAddsToItsHistory() {
        List<SagaAdvanced> late = List.of(HAPPY.get(6), HAPPY.get(1), HAPPY.get(4), HAPPY.get(7));
        OrderView view = fresh();
        for (SagaAdvanced event : late) {
            OrderView next = view.apply(event);

            assertThat(next.statusHistory()).startsWith(view.statusHistory().toArray(OrderView.StatusChange[]::new));
            view = next;
        }

        assertThat(view.statusHistory())
                .extracting(OrderView.StatusChange::status)
                .containsExactly(OrderStatus.PENDING, OrderStatus.SHIPMENT_ARRANGED, OrderStatus.APPROVED);
    }

    @Test
    void readsAViewThatWasStoredBeforeThereWasAHistory() {
        ObjectNode stored = Json.MAPPER.valueToTree(fold(HAPPY));
        stored.remove("statusHistory");

        OrderView view = Json.read(stored.toString(), OrderView.class);

        assertThat(view.statusHistory()).containsExactly(new OrderView.StatusChange(1, OrderStatus.APPROVED, START));
    }

    @Test
    void survivesBeingStored() {
        OrderView view = fold(UNDELIVERED);

        assertThat(Json.read(Json.text(view), OrderView.class)).isEqualTo(view);
    }

    private static List<OrderStatus> statuses(List<SagaAdvanced> events) {
        return statuses(fresh(), events);
    }

    private static List<OrderStatus> statuses(OrderView from, List<SagaAdvanced> events) {
        List<OrderStatus> seen = new ArrayList<>();
        OrderView view = from;
        for (SagaAdvanced event : events) {
            view = view.apply(event);
            seen.add(view.status());
        }
        return seen;
    }

    private static List<Integer> sequences(OrderView view) {
        return view.statusHistory().stream()
                .map(OrderView.StatusChange::sequence)
                .toList();
    }

    private static OrderView fold(List<SagaAdvanced> events) {
        return fold(fresh(), events);
    }

    private static OrderView fold(OrderView from, List<SagaAdvanced> events) {
        OrderView view = from;
        for (SagaAdvanced event : events) {
            view = view.apply(event);
        }
        return view;
    }

    private static OrderView wanted() {
        return fresh().cancelRequested(START);
    }

    private static OrderView fresh() {
        Address address = new Address("Ada", "1 Street", null, "Town", "12345", "DE");
        List<PricedLine> items = List.of(new PricedLine("TEA-1", "Tea", 3, new Money(300, "EUR")));
        return OrderView.accepted(ORDER, START, items, TOTAL, address);
    }

    private static Reply arranged() {
        return new Reply.ShipmentArranged(ORDER, "Caravan Express", "CX1");
    }

    private static SagaAdvanced cancel(int sequence, String step, What what, Phase phase, @Nullable Reply reply) {
        Failure why = phase == Phase.RUNNING || phase == Phase.COMPLETED
                ? null
                : new Reply.AlreadyDispatched(START).failure();
        return new SagaAdvanced(
                UUID.nameUUIDFromBytes(new byte[] {1}),
                "cancel-order",
                ORDER,
                sequence,
                START.plusSeconds(100 + sequence),
                step,
                what,
                phase,
                why,
                reply);
    }

    private static SagaAdvanced event(
            int sequence, String step, What what, Phase phase, @Nullable Failure failure, @Nullable Reply reply) {
        return new SagaAdvanced(
                ORDER, "place-order", ORDER, sequence, START.plusSeconds(sequence), step, what, phase, failure, reply);
    }
}
