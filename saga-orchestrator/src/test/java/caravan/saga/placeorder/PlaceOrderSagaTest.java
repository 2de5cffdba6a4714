package caravan.saga.placeorder;

import static caravan.common.contract.SagaAdvanced.Phase.COMPENSATED;
import static caravan.common.contract.SagaAdvanced.Phase.COMPLETED;
import static caravan.common.contract.SagaAdvanced.Phase.RUNNING;
import static caravan.common.contract.SagaAdvanced.Phase.STUCK;
import static caravan.common.contract.SagaAdvanced.Phase.UNDOING;
import static caravan.saga.engine.Verb.COMPENSATE;
import static caravan.saga.engine.Verb.RESUME;
import static caravan.saga.engine.Verb.RETRY;
import static caravan.saga.engine.Verb.SKIP;
import static caravan.saga.placeorder.Orders.APPROVE;
import static caravan.saga.placeorder.Orders.APPROVED;
import static caravan.saga.placeorder.Orders.ARRANGE;
import static caravan.saga.placeorder.Orders.ARRANGED;
import static caravan.saga.placeorder.Orders.CANCEL;
import static caravan.saga.placeorder.Orders.CANCELLED;
import static caravan.saga.placeorder.Orders.CHARGE;
import static caravan.saga.placeorder.Orders.CHARGED;
import static caravan.saga.placeorder.Orders.CONFIRM;
import static caravan.saga.placeorder.Orders.DECLINED;
import static caravan.saga.placeorder.Orders.REFUND;
import static caravan.saga.placeorder.Orders.REFUNDED;
import static caravan.saga.placeorder.Orders.REJECTED;
import static caravan.saga.placeorder.Orders.RELEASE;
import static caravan.saga.placeorder.Orders.RELEASED;
import static caravan.saga.placeorder.Orders.RESERVE;
import static caravan.saga.placeorder.Orders.RESERVED;
import static caravan.saga.placeorder.Orders.SENT;
import static caravan.saga.placeorder.Orders.UNAVAILABLE;
import static caravan.saga.placeorder.Orders.UNDELIVERABLE;
import static caravan.saga.placeorder.Orders.reject;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.Failure;
import caravan.common.contract.Reply.Deferred;
import caravan.common.contract.Reply.PaymentCharged;
import caravan.common.contract.Reply.Refused;
import caravan.common.contract.Reply.ShipmentArranged;
import caravan.common.contract.SagaAdvanced.What;
import caravan.saga.engine.Ignored;
import caravan.saga.engine.Phase.Running;
import caravan.saga.engine.SagaScript;
import caravan.saga.engine.Signal.CancelRequested;
import caravan.saga.engine.Signal.DeadlinePassed;
import caravan.saga.engine.Signal.Ordered;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The saga as scripts: per rejected step, per deadline, per late or duplicate reply. */
class PlaceOrderSagaTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Failure CANCELLED_BY_ADA = new Failure(Failure.CANCELLED, "changed my mind");
    private static final CancelRequested CANCEL_IT = new CancelRequested(CANCELLED_BY_ADA.detail());

    // Forward

    @Test
    void reservesChargesShipsApprovesAndConfirms() {
        SagaScript<PlaceOrder> saga = placed().sends(RESERVE).says(What.STARTED);

        saga.does("reserve-stock", RESERVED).sends(CHARGE);
        saga.does("charge-payment", CHARGED).sends(ARRANGE);
        saga.does("arrange-shipment", ARRANGED).sends(APPROVE);
        saga.does("approve-order", APPROVED).sends(CONFIRM).is(RUNNING);
        saga.does("send-confirmation", SENT).sendsNothing().says(What.DONE).is(COMPLETED);

        assertThat(saga.state().version()).isEqualTo(6);
    }

    @Test
    void remembersTheChargeAndTheShipment() {
        SagaScript<PlaceOrder> saga = arranged();

        assertThat(saga.state().data().charge()).isEqualTo(CHARGED);
        assertThat(saga.state().data().shipment()).isEqualTo(ARRANGED);
    }

    // Rejected

    @Test
    void rejectsTheOrderWhenStockIsUnavailable() {
        placed().does("reserve-stock", UNAVAILABLE)
                .sends(reject(UNAVAILABLE.failure()))
                .says(What.REJECTED)
                .is(UNDOING)
                .failsWith("stock-unavailable")
                .undoes("order-placed", REJECTED)
                .sendsNothing()
                .says(What.UNDONE)
                .is(COMPENSATED);
    }

    @Test
    void releasesStockWhenTheCardIsDeclined() {
        reserved()
                .does("charge-payment", DECLINED)
                .sends(RELEASE)
                .undoes("reserve-stock", RELEASED)
                .sends(reject(DECLINED.failure()))
                .undoes("order-placed", REJECTED)
                .is(COMPENSATED)
                .failsWith("card-declined");
    }

    @Test
    void refundsWhenShipmentIsRejected() {
        charged()
                .does("arrange-shipment", UNDELIVERABLE)
                .sends(REFUND)
                .undoes("charge-payment", REFUNDED)
                .sends(RELEASE)
                .undoes("reserve-stock", RELEASED)
                .sends(reject(UNDELIVERABLE.failure()))
                .undoes("order-placed", REJECTED)
                .is(COMPENSATED)
                .failsWith("address-undeliverable");
    }

    @Test
    void neverTurnsRoundAfterThePivot() {
        arranged().does("approve-order", DECLINED).ignores(Ignored.UNFIT).is(RUNNING);
        approved().does("send-confirmation", DECLINED).ignores(Ignored.UNFIT).is(RUNNING);
    }

    // Deadlines

    @Test
    void asksForStockAgainAndThenReleasesWhatItMayHaveReserved() {
        placed().waits(TEN_SECONDS)
                .deadline()
                .sends(RESERVE)
                .says(What.RESENT)
                .waits(TEN_SECONDS.multipliedBy(2))
                .silence(2)
                .sends(RELEASE)
                .says(What.TIMED_OUT)
                .failsWith(Failure.TIMED_OUT);
    }

    @Test
    void refundsAChargeThatGaveNoAnswer() {
        SagaScript<PlaceOrder> saga = reserved().silence(3).sends(REFUND).failsWith(Failure.TIMED_OUT);

        saga.undoes("charge-payment", REFUNDED).sends(RELEASE);
        saga.undoes("reserve-stock", RELEASED).sends(reject(saga.failure()));
        saga.undoes("order-placed", REJECTED).is(COMPENSATED);
    }

    @Test
    void cancelsAShipmentThatGaveNoAnswer() {
        charged()
                .silence(3)
                .sends(CANCEL)
                .undoes("arrange-shipment", CANCELLED)
                .sends(REFUND)
                .undoes("charge-payment", REFUNDED)
                .sends(RELEASE);
    }

    @Test
    void asksForApprovalUntilItComes() {
        arranged().silence(200).sends(APPROVE).waits(Duration.ofSeconds(60)).does("approve-order", APPROVED);
    }

    @Test
    void asksForConfirmationUntilItComes() {
        approved().silence(200).sends(CONFIRM).does("send-confirmation", SENT).is(COMPLETED);
    }

    @Test
    void takesTheAnswerThatComesAfterAResend() {
        placed().silence(2).does("reserve-stock", RESERVED).sends(CHARGE).waits(TEN_SECONDS);
    }

    @Test
    void getsStuckWhenTheRefundGivesNoAnswer() {
        SagaScript<PlaceOrder> saga = charged().does("arrange-shipment", UNDELIVERABLE);

        saga.silence(8).sendsNothing().says(What.STUCK).is(STUCK);

        assertThat(saga.state().due()).isNull();
    }

    @Test
    void goesOnWhenTheRefundIsAnsweredAfterAll() {
        charged()
                .does("arrange-shipment", UNDELIVERABLE)
                .silence(8)
                .undoes("charge-payment", REFUNDED)
                .sends(RELEASE)
                .is(UNDOING)
                .undoes("reserve-stock", RELEASED)
                .undoes("order-placed", REJECTED)
                .is(COMPENSATED);
    }

    // Deferred

    @Test
    void waitsForAQueuedCharge() {
        SagaScript<PlaceOrder> saga = reserved();
        Deferred deferred = deferred(saga, Duration.ofMinutes(2));

        saga.does("charge-payment", deferred).sendsNothing().says(What.DEFERRED).is(RUNNING);

        assertThat(saga.due())
                .isBetween(deferred.until().plusSeconds(10), deferred.until().plusSeconds(12));
        saga.deadline().sends(CHARGE).does("charge-payment", CHARGED).sends(ARRANGE);
    }

    @Test
    void countsTriesFromOneAfterADeferral() {
        SagaScript<PlaceOrder> saga = reserved().silence(3 - 1);
        saga.does("charge-payment", deferred(saga, Duration.ofSeconds(30))).says(What.DEFERRED);

        saga.silence(3).sends(REFUND).says(What.TIMED_OUT);
    }

    @Test
    void refundsAChargeThatIsQueuedBeyondItsBudget() {
        SagaScript<PlaceOrder> saga = reserved();
        Instant began = saga.now();

        saga.does("charge-payment", deferred(saga, Duration.ofHours(2)));

        assertThat(saga.due()).isEqualTo(began.plus(Duration.ofMinutes(15)));
        saga.deadline().sends(REFUND).failsWith(Failure.TIMED_OUT);
    }

    @Test
    void keepsTheBudgetHoweverOftenAChargeIsDeferred() {
        SagaScript<PlaceOrder> saga = reserved();
        Instant end = saga.now().plus(Duration.ofMinutes(15));

        while (saga.due().isBefore(end)) {
            saga.does("charge-payment", deferred(saga, Duration.ofSeconds(30)));
            saga.passes(Duration.ofSeconds(31));
        }

        assertThat(saga.due()).isEqualTo(end);
        saga.deadline().sends(REFUND);
    }

    @Test
    void appliesADeferralOnce() {
        SagaScript<PlaceOrder> saga = reserved();
        Deferred deferred = deferred(saga, Duration.ofMinutes(1));

        saga.does("charge-payment", deferred).says(What.DEFERRED);

        saga.does("charge-payment", deferred).ignores(Ignored.ALREADY_DEFERRED);
        saga.passes(Duration.ofMinutes(3)).does("charge-payment", deferred).ignores(Ignored.LATE);
    }

    @Test
    void waitsForAQueuedRefund() {
        SagaScript<PlaceOrder> saga =
                charged().does("arrange-shipment", UNDELIVERABLE).silence(8 - 1);

        saga.undoes("charge-payment", deferred(saga, Duration.ofMinutes(2)))
                .says(What.DEFERRED)
                .is(UNDOING);

        saga.silence(8).says(What.STUCK);
    }

    @Test
    void waitsForADeferredApproval() {
        SagaScript<PlaceOrder> saga = arranged();

        saga.does("approve-order", deferred(saga, Duration.ofMinutes(2))).says(What.DEFERRED);

        saga.deadline().sends(APPROVE).says(What.RESENT);
    }

    // Twice

    @Test
    void resendsWhatAReplyHadCausedWhenItComesTwice() {
        reserved().does("reserve-stock", RESERVED).resends(CHARGE);
        charged().does("charge-payment", CHARGED).resends(ARRANGE);
        arranged().does("arrange-shipment", ARRANGED).resends(APPROVE);
        approved().does("approve-order", APPROVED).resends(CONFIRM);
    }

    @Test
    void resendsTheFirstUndoWhenTheRejectionComesTwice() {
        reserved()
                .does("charge-payment", DECLINED)
                .does("charge-payment", DECLINED)
                .resends(RELEASE);
    }

    @Test
    void resendsTheNextUndoWhenAnUndosReplyComesTwice() {
        charged()
                .does("arrange-shipment", UNDELIVERABLE)
                .undoes("charge-payment", REFUNDED)
                .undoes("charge-payment", REFUNDED)
                .resends(RELEASE);
    }

    @Test
    void resendsTheStuckUndoWhenWhatLedToItComesTwice() {
        charged()
                .does("arrange-shipment", UNDELIVERABLE)
                .silence(8)
                .does("arrange-shipment", UNDELIVERABLE)
                .resends(REFUND)
                .is(STUCK);
    }

    @Test
    void ignoresRepliesOlderThanTheLast() {
        charged().does("reserve-stock", RESERVED).ignores(Ignored.LATE);
        compensating().does("charge-payment", CHARGED).ignores(Ignored.LATE);
        compensating()
                .undoes("charge-payment", REFUNDED)
                .undoes("reserve-stock", RELEASED)
                .undoes("charge-payment", REFUNDED)
                .ignores(Ignored.LATE);
    }

    @Test
    void ignoresAnythingAfterTheEnd() {
        SagaScript<PlaceOrder> completed = approved().does("send-confirmation", SENT);
        completed.does("send-confirmation", SENT).ignores(Ignored.ENDED);
        completed.does("charge-payment", DECLINED).ignores(Ignored.ENDED);
        completed.on(new DeadlinePassed()).ignores(Ignored.ENDED);

        SagaScript<PlaceOrder> compensated =
                placed().does("reserve-stock", UNAVAILABLE).undoes("order-placed", REJECTED);
        compensated.undoes("order-placed", REJECTED).ignores(Ignored.ENDED);
        compensated.does("reserve-stock", RESERVED).ignores(Ignored.ENDED);
    }

    // Late

    @Test
    void ignoresTheChargeThatWasDoneWhileItIsRefunded() {
        reserved().silence(3).sends(REFUND).does("charge-payment", CHARGED).ignores(Ignored.LATE);
    }

    @Test
    void ignoresTheRejectionOfAStepThatWasGivenUp() {
        SagaScript<PlaceOrder> refunding = reserved().silence(3);
        refunding.does("charge-payment", DECLINED).ignores(Ignored.LATE);

        SagaScript<PlaceOrder> releasing = refunding.undoes("charge-payment", REFUNDED);
        releasing.does("charge-payment", DECLINED).ignores(Ignored.LATE).failsWith(Failure.TIMED_OUT);
    }

    @Test
    void ignoresARefusal() {
        placed().does("reserve-stock", new Refused()).ignores(Ignored.REFUSED);
        reserved().silence(3).does("charge-payment", new Refused()).ignores(Ignored.REFUSED);
    }

    // Wrong

    @Test
    void ignoresAReplyThatIsNotOfTheStep() {
        placed().does("reserve-stock", CHARGED).ignores(Ignored.UNFIT);
        compensating().undoes("charge-payment", RELEASED).ignores(Ignored.UNFIT);
    }

    @Test
    void ignoresARejectedUndo() {
        compensating().undoes("charge-payment", DECLINED).ignores(Ignored.UNFIT).is(UNDOING);
    }

    @Test
    void ignoresRepliesToWhatItNeverSent() {
        placed().does("charge-payment", CHARGED).ignores(Ignored.NOT_ASKED);
        placed().undoes("reserve-stock", RELEASED).ignores(Ignored.NOT_ASKED);
        compensating().undoes("reserve-stock", RELEASED).ignores(Ignored.NOT_ASKED);
        placed().does("pack-parcel", RESERVED).ignores(Ignored.UNKNOWN_STEP);
    }

    // Cancelled

    @Test
    void turnsRoundWhenItIsCancelledWhileStockIsBeingReserved() {
        placed().on(CANCEL_IT)
                .sends(RELEASE)
                .says(What.CANCELLED)
                .is(UNDOING)
                .failsWith(Failure.CANCELLED)
                .undoes("reserve-stock", RELEASED)
                .sends(reject(CANCELLED_BY_ADA))
                .undoes("order-placed", REJECTED)
                .is(COMPENSATED);
    }

    @Test
    void refundsTheChargeThatWasUnderWayWhenItWasCancelled() {
        reserved()
                .on(CANCEL_IT)
                .sends(REFUND)
                .undoes("charge-payment", REFUNDED)
                .sends(RELEASE)
                .undoes("reserve-stock", RELEASED)
                .sends(reject(CANCELLED_BY_ADA))
                .undoes("order-placed", REJECTED)
                .is(COMPENSATED);
    }

    @Test
    void cancelsAnOrderWhosePaymentIsQueued() {
        SagaScript<PlaceOrder> saga = reserved();
        saga.does("charge-payment", deferred(saga, Duration.ofMinutes(5))).says(What.DEFERRED);

        saga.on(CANCEL_IT).sends(REFUND).waits(TEN_SECONDS);
    }

    @Test
    void goesOnWhenItIsCancelledAtThePivotOrAfterIt() {
        charged()
                .on(CANCEL_IT)
                .ignores(Ignored.TOO_LATE)
                .does("arrange-shipment", ARRANGED)
                .sends(APPROVE);
        arranged()
                .on(CANCEL_IT)
                .ignores(Ignored.TOO_LATE)
                .does("approve-order", APPROVED)
                .sends(CONFIRM);
        approved()
                .on(CANCEL_IT)
                .ignores(Ignored.TOO_LATE)
                .does("send-confirmation", SENT)
                .is(COMPLETED);
    }

    @Test
    void takesNoNoticeOfACancelOnceItHasTurnedRoundOrEnded() {
        compensating().on(CANCEL_IT).ignores(Ignored.TURNED_ROUND).failsWith("address-undeliverable");
        compensating().silence(8).is(STUCK).on(CANCEL_IT).ignores(Ignored.TURNED_ROUND);
        approved().does("send-confirmation", SENT).on(CANCEL_IT).ignores(Ignored.ENDED);
    }

    @Test
    void resendsTheUndoWhenTheCancelComesTwice() {
        SagaScript<PlaceOrder> saga = reserved().on(CANCEL_IT).sends(REFUND);

        saga.on(CANCEL_IT).resends(REFUND).is(UNDOING);
        saga.undoes("charge-payment", REFUNDED).on(CANCEL_IT).resends(RELEASE);
        saga.undoes("reserve-stock", RELEASED)
                .undoes("order-placed", REJECTED)
                .on(CANCEL_IT)
                .ignores(Ignored.ENDED);
    }

    @Test
    void ignoresWhatTheCancelledStepSaysAfterAll() {
        reserved().on(CANCEL_IT).does("charge-payment", CHARGED).ignores(Ignored.LATE);
        reserved().on(CANCEL_IT).does("charge-payment", DECLINED).ignores(Ignored.LATE);
        reserved().on(CANCEL_IT).does("charge-payment", new Refused()).ignores(Ignored.REFUSED);
        reserved().on(CANCEL_IT).does("reserve-stock", RESERVED).ignores(Ignored.LATE);
    }

    @Test
    void takesWhicheverComesFirstOfCancelAndDeadline() {
        reserved().silence(3).failsWith(Failure.TIMED_OUT).on(CANCEL_IT).ignores(Ignored.TURNED_ROUND);
        reserved().on(CANCEL_IT).deadline().sends(REFUND).says(What.RESENT).failsWith(Failure.CANCELLED);
        reserved().deadline().says(What.RESENT).on(CANCEL_IT).sends(REFUND).says(What.CANCELLED);
    }

    @Test
    void getsStuckWhenACancelledOrderCannotBeUndone() {
        SagaScript<PlaceOrder> saga = reserved().on(CANCEL_IT).silence(8).says(What.STUCK);

        saga.on(CANCEL_IT).ignores(Ignored.TURNED_ROUND);
        saga.undoes("charge-payment", REFUNDED).sends(RELEASE).is(UNDOING);
    }

    @Test
    void keepsItsHash() {
        assertThat(PlaceOrderSaga.definition().hash())
                .as("running sagas are pinned to it: a change needs a way for those that are open")
                .isEqualTo("2ca9ae9b921369a8f0e01923cfae10316a91f88f889bf2fe74285337de8c8643");
    }

    /** An older build that shares a saga writes down what it knows of its data, and nothing else (decision record 0035). */
    @Test
    void remembersNothingMoreWithinAnEdition() {
        assertThat(PlaceOrder.class.getRecordComponents())
                .as("a saga that remembers more follows a definition with another hash")
                .extracting(RecordComponent::getName)
                .containsExactly(
                        "orderId", "customer", "lines", "total", "shippingAddress", "cardToken", "charge", "shipment");
        assertThat(PaymentCharged.class.getRecordComponents()).hasSize(2);
        assertThat(ShipmentArranged.class.getRecordComponents()).hasSize(3);
    }

    // Ordered

    @Test
    void asksAgainWithAllItsTriesWhenItIsToldTo() {
        SagaScript<PlaceOrder> saga = reserved().deadline().sends(CHARGE);

        saga.passes(Duration.ofSeconds(1)).ordered(RETRY).sends(CHARGE).says(What.RESENT);

        assertThat(saga.state().phase()).isEqualTo(new Running("charge-payment", 1, saga.now()));
    }

    @Test
    void asksForAnUndoAgainWhenItIsToldTo() {
        compensating().ordered(RETRY).sends(REFUND).is(UNDOING);
        arranged().ordered(RETRY).sends(APPROVE).is(RUNNING);
    }

    @Test
    void givesUpBeforeThePivotIsDoneWhenItIsToldTo() {
        reserved()
                .ordered(COMPENSATE)
                .sends(REFUND)
                .says(What.TIMED_OUT)
                .failsWith("timed-out")
                .undoes("charge-payment", REFUNDED)
                .sends(RELEASE);
        charged().ordered(COMPENSATE).sends(CANCEL);
    }

    @Test
    void doesNotGiveUpWhatIsShipping() {
        arranged().ordered(COMPENSATE).ignores(Ignored.TOO_LATE);
        approved().ordered(COMPENSATE).ignores(Ignored.TOO_LATE);
        compensating().ordered(COMPENSATE).ignores(Ignored.TURNED_ROUND);
        stuck().ordered(COMPENSATE).ignores(Ignored.TURNED_ROUND);
    }

    @Test
    void goesOnUndoingWithAllItsTriesWhenItIsResumed() {
        SagaScript<PlaceOrder> saga = stuck().ordered(RESUME).sends(REFUND).is(UNDOING);

        saga.undoes("charge-payment", REFUNDED).sends(RELEASE);
        stuck().ordered(RESUME).silence(8).is(STUCK);
        stuck().ordered(RETRY).ignores(Ignored.STUCK);
        charged().ordered(RESUME).ignores(Ignored.NOT_STUCK);
        compensating().ordered(RESUME).ignores(Ignored.NOT_STUCK);
    }

    @Test
    void takesAnUndoForDoneThatPeopleHaveDone() {
        stuck().ordered(SKIP).sends(RELEASE).says(What.UNDONE).is(UNDOING);
        compensating().ordered(SKIP).sends(RELEASE);
    }

    @Test
    void skipsNeitherAnActionNorTheOrdersOwnUndo() {
        reserved().ordered(SKIP).ignores(Ignored.INDISPENSABLE);
        approved().ordered(SKIP).ignores(Ignored.INDISPENSABLE);
        placed().does("reserve-stock", UNAVAILABLE).ordered(SKIP).ignores(Ignored.INDISPENSABLE);
    }

    @Test
    void takesNoOrdersOnceItHasEnded() {
        SagaScript<PlaceOrder> ended = approved().does("send-confirmation", SENT);

        List.of(RETRY, COMPENSATE, SKIP, RESUME)
                .forEach(
                        verb -> ended.on(new Ordered(verb, "send-confirmation")).ignores(Ignored.ENDED));
    }

    /** A request that was sent twice must not skip two. */
    @Test
    void takesNoOrderForAStepItHasLeft() {
        SagaScript<PlaceOrder> saga = stuck().on(new Ordered(SKIP, "charge-payment"));

        saga.on(new Ordered(SKIP, "charge-payment")).ignores(Ignored.ELSEWHERE);
    }

    /** What was skipped is answered after all: the saga is further, and says so again. */
    @Test
    void repeatsTheNextUndoWhenASkippedOneIsAnswered() {
        stuck().ordered(SKIP).undoes("charge-payment", REFUNDED).resends(RELEASE);
    }

    private static SagaScript<PlaceOrder> placed() {
        return SagaScript.starts(PlaceOrderSaga.definition(), Orders.ID, PlaceOrder.of(Orders.PLACED));
    }

    private static SagaScript<PlaceOrder> reserved() {
        return placed().does("reserve-stock", RESERVED).sends(CHARGE);
    }

    private static SagaScript<PlaceOrder> charged() {
        return reserved().does("charge-payment", CHARGED).sends(ARRANGE);
    }

    private static SagaScript<PlaceOrder> arranged() {
        return charged().does("arrange-shipment", ARRANGED).sends(APPROVE);
    }

    private static SagaScript<PlaceOrder> approved() {
        return arranged().does("approve-order", APPROVED).sends(CONFIRM);
    }

    /** Its charge is being refunded. */
    private static SagaScript<PlaceOrder> compensating() {
        return charged().does("arrange-shipment", UNDELIVERABLE).sends(REFUND);
    }

    /** Nobody answered its refund. */
    private static SagaScript<PlaceOrder> stuck() {
        return compensating().silence(8).is(STUCK);
    }

    private static Deferred deferred(SagaScript<PlaceOrder> saga, Duration wait) {
        return new Deferred(saga.now().plus(wait), "card network is unavailable");
    }
}
