package caravan.saga.cancelorder;

import static caravan.common.contract.SagaAdvanced.Phase.COMPENSATED;
import static caravan.common.contract.SagaAdvanced.Phase.COMPLETED;
import static caravan.common.contract.SagaAdvanced.Phase.RUNNING;
import static caravan.common.contract.SagaAdvanced.Phase.UNDOING;
import static org.assertj.core.api.Assertions.assertThat;

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
import caravan.common.contract.Reply;
import caravan.common.contract.Reply.AlreadyDispatched;
import caravan.common.contract.Reply.Deferred;
import caravan.common.contract.SagaAdvanced.What;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import caravan.saga.engine.Ignored;
import caravan.saga.engine.SagaScript;
import caravan.saga.engine.Signal.CancelRequested;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The saga as scripts: all of it, the one rejection there is, silence, late and duplicate replies. */
class CancelOrderSagaTest {

    private static final UUID ID = UUID.fromString("018f0000-0000-7000-8000-00000000000a");
    private static final Customer ADA = new Customer(ID, "Ada", "ada@example.org");
    private static final Money TOTAL = new Money(4200, "EUR");
    private static final List<PricedLine> LINES = List.of(new PricedLine("tea-1", "Tea", 2, new Money(2100, "EUR")));
    private static final Instant BEFORE = Instant.parse("2026-03-01T11:59:59Z");
    private static final OrderCancellationRequested REQUEST =
            new OrderCancellationRequested(ID, ADA, LINES, TOTAL, BEFORE, null, true);

    private static final CancelShipment STOP = new CancelShipment(ID);
    private static final RefundPayment REFUND = new RefundPayment(ID);
    private static final ReleaseStock RELEASE = new ReleaseStock(ID);
    private static final MarkCancelled MARK = new MarkCancelled(ID);
    private static final SendCancellation TELL = new SendCancellation(ID, ADA, LINES, TOTAL);

    private static final Reply STOPPED = new Reply.ShipmentCancelled();
    private static final AlreadyDispatched LEFT = new AlreadyDispatched(BEFORE);
    private static final KeepOrder KEEP = new KeepOrder(ID, LEFT.failure());
    private static final Reply KEPT = new Reply.OrderKept();
    private static final Reply REFUNDED = new Reply.PaymentRefunded();
    private static final Reply RELEASED = new Reply.StockReleased();
    private static final Reply CANCELLED = new Reply.OrderCancelled();
    private static final Reply TOLD = new Reply.CancellationSent();

    @Test
    void stopsTheParcelRefundsReleasesMarksAndTells() {
        SagaScript<CancelOrder> saga = requested().sends(STOP).says(What.STARTED);

        saga.does("cancel-shipment", STOPPED).sends(REFUND);
        saga.does("refund-payment", REFUNDED).sends(RELEASE);
        saga.does("release-stock", RELEASED).sends(MARK);
        saga.does("mark-cancelled", CANCELLED).sends(TELL).is(RUNNING);
        saga.does("tell-customer", TOLD).sendsNothing().says(What.DONE).is(COMPLETED);

        assertThat(saga.state().version()).isEqualTo(6);
    }

    @Test
    void keepsTheOrderWhenTheParcelHasLeft() {
        requested()
                .does("cancel-shipment", LEFT)
                .sends(KEEP)
                .says(What.REJECTED)
                .is(UNDOING)
                .failsWith(Failure.ALREADY_DISPATCHED)
                .undoes("cancel-requested", KEPT)
                .sendsNothing()
                .is(COMPENSATED);
    }

    @Test
    void asksForEachStepUntilItIsAnswered() {
        requested().silence(50).sends(STOP).does("cancel-shipment", LEFT).sends(KEEP);
        stopped().silence(50).sends(REFUND).does("refund-payment", REFUNDED).sends(RELEASE);
        refunded().silence(50).sends(RELEASE);
        released().silence(50).sends(MARK);
        marked().silence(50).sends(TELL).does("tell-customer", TOLD).is(COMPLETED);
    }

    @Test
    void waitsForARefundThatIsQueued() {
        SagaScript<CancelOrder> saga = stopped();

        saga.does("refund-payment", new Deferred(saga.now().plusSeconds(600), "card network is down"))
                .says(What.DEFERRED)
                .waits(Duration.ofMinutes(10));

        saga.does("refund-payment", REFUNDED).sends(RELEASE);
    }

    @Test
    void cannotBeRejectedOnceTheParcelIsStopped() {
        stopped().does("refund-payment", LEFT).ignores(Ignored.UNFIT).is(RUNNING);
        marked().does("tell-customer", LEFT).ignores(Ignored.UNFIT).is(RUNNING);
    }

    @Test
    void cannotBeCancelledItself() {
        CancelRequested again = new CancelRequested("changed my mind again");

        requested().on(again).ignores(Ignored.TOO_LATE);
        stopped().on(again).ignores(Ignored.TOO_LATE);
        requested().does("cancel-shipment", LEFT).on(again).ignores(Ignored.TURNED_ROUND);
    }

    @Test
    void resendsWhatAReplyHadCausedWhenItComesTwice() {
        stopped().does("cancel-shipment", STOPPED).resends(REFUND);
        requested().does("cancel-shipment", LEFT).does("cancel-shipment", LEFT).resends(KEEP);
    }

    @Test
    void getsStuckWhenNobodyHearsThatTheOrderStays() {
        SagaScript<CancelOrder> saga =
                requested().does("cancel-shipment", LEFT).silence(8).says(What.STUCK);

        saga.undoes("cancel-requested", KEPT).is(COMPENSATED);
    }

    @Test
    void ignoresRepliesThatAreOldOrOfSomethingElse() {
        refunded().does("cancel-shipment", STOPPED).ignores(Ignored.LATE);
        requested().does("refund-payment", REFUNDED).ignores(Ignored.NOT_ASKED);
        requested().does("cancel-shipment", REFUNDED).ignores(Ignored.UNFIT);
        requested().undoes("cancel-requested", KEPT).ignores(Ignored.NOT_ASKED);
        marked().does("tell-customer", TOLD).does("tell-customer", TOLD).ignores(Ignored.ENDED);
    }

    @Test
    void hasOneIdForAnOrderAndNoneOfTheOrdersOwn() {
        UUID other = UUID.fromString("018f0000-0000-7000-8000-00000000000b");

        assertThat(CancelOrder.sagaOf(ID))
                .isEqualTo(CancelOrder.sagaOf(ID))
                .isNotEqualTo(ID)
                .isNotEqualTo(CancelOrder.sagaOf(other));
    }

    @Test
    void keepsItsHash() {
        assertThat(CancelOrderSaga.definition().hash())
                .as("running sagas are pinned to it: a change needs a way for those that are open")
                .isEqualTo("408377f7d6184f677cbd98e1c9b2e369ad8928df3cb3cc45ee45eaf77a1794a0");
    }

    private static SagaScript<CancelOrder> requested() {
        return SagaScript.starts(CancelOrderSaga.definition(), ID, CancelOrder.of(REQUEST));
    }

    private static SagaScript<CancelOrder> stopped() {
        return requested().does("cancel-shipment", STOPPED).sends(REFUND);
    }

    private static SagaScript<CancelOrder> refunded() {
        return stopped().does("refund-payment", REFUNDED).sends(RELEASE);
    }

    private static SagaScript<CancelOrder> released() {
        return refunded().does("release-stock", RELEASED).sends(MARK);
    }

    private static SagaScript<CancelOrder> marked() {
        return released().does("mark-cancelled", CANCELLED).sends(TELL);
    }
}
