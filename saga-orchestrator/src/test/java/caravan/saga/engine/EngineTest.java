package caravan.saga.engine;

import static caravan.saga.engine.Trips.CHARGE;
import static caravan.saga.engine.Trips.FARE;
import static caravan.saga.engine.Trips.FREE_SEAT;
import static caravan.saga.engine.Trips.REFUND;
import static caravan.saga.engine.Trips.SEAT;
import static caravan.saga.engine.Trips.TICKET;
import static caravan.saga.engine.Trips.asked;
import static caravan.saga.engine.Trips.fare;
import static caravan.saga.engine.Trips.fareForGood;
import static caravan.saga.engine.Trips.seat;
import static caravan.saga.engine.Trips.starts;
import static caravan.saga.engine.Trips.ticket;
import static caravan.saga.engine.Trips.trip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagaAdvanced.What;
import caravan.saga.engine.Phase.Running;
import caravan.saga.engine.Signal.DeadlinePassed;
import caravan.saga.engine.Trips.Trip;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What does not depend on one definition. The scripts of PlaceOrder show the rest. */
class EngineTest {

    private static final Reply SEATED = new Reply.StockReserved();
    private static final Reply FREED = new Reply.StockReleased();
    private static final Reply PAID = new Reply.PaymentCharged("ch_1", FARE);
    private static final Reply DECLINED = new Reply.CardDeclined("expired");

    private final Definition<Trip> trip = trip(asked(), seat(), fare(), ticket());

    @Test
    void tellsTheStartAsTheGivenStep() {
        SagaAdvanced event = starts(trip).sends(SEAT).event();

        assertThat(event.step()).isEqualTo("asked");
        assertThat(event.what()).isEqualTo(What.STARTED);
        assertThat(event.sequence()).isEqualTo(1);
        assertThat(event.reply()).isNull();
    }

    @Test
    void tellsWhatTheParticipantSaid() {
        SagaAdvanced event =
                starts(trip).does("seat", SEATED).does("fare", DECLINED).event();

        assertThat(event.step()).isEqualTo("fare");
        assertThat(event.reply()).isEqualTo(DECLINED);
        assertThat(event.phase()).isEqualTo(SagaAdvanced.Phase.UNDOING);
    }

    @Test
    void countsTheTriesOfACommand() {
        SagaScript<Trip> saga = starts(trip);

        saga.deadline().sends(SEAT);

        assertThat(Engine.current(trip, saga.state())).contains(new Send("seat", Direction.DO, 2, SEAT));
    }

    @Test
    void hasNothingToSendOnceItHasEnded() {
        SagaScript<Trip> saga = starts(trip(asked(), fare())).does("fare", PAID).is(SagaAdvanced.Phase.COMPLETED);

        assertThat(Engine.current(trip(asked(), fare()), saga.state())).isEmpty();
    }

    @Test
    void ignoresADeadlineBeforeItsTime() {
        starts(trip).passes(Duration.ofSeconds(9)).on(new DeadlinePassed()).ignores(Ignored.NOT_DUE);
    }

    @Test
    void ignoresADeadlineWhileItIsStuck() {
        starts(trip)
                .silence(1)
                .sends(FREE_SEAT)
                .silence(1)
                .is(SagaAdvanced.Phase.STUCK)
                .passes(Duration.ofDays(1))
                .on(new DeadlinePassed())
                .ignores(Ignored.NOT_DUE);
    }

    @Test
    void keepsTheStuckCommandAtHand() {
        SagaScript<Trip> saga = starts(trip).silence(1).silence(1).is(SagaAdvanced.Phase.STUCK);

        assertThat(Engine.current(trip, saga.state())).contains(new Send("seat", Direction.UNDO, 2, FREE_SEAT));
    }

    @Test
    void neverGivesUpAPivotThatNothingCouldUndo() {
        starts(trip(asked(), seat(), fareForGood(), ticket()))
                .does("seat", SEATED)
                .silence(50)
                .sends(CHARGE)
                .does("fare", DECLINED)
                .sends(FREE_SEAT);
    }

    @Test
    void givesUpAPivotThatCanBeUndone() {
        starts(trip).does("seat", SEATED).silence(1).sends(REFUND);
    }

    @Test
    void asksOnceMoreWhenNobodyLookedAtTheDeadline() {
        SagaScript<Trip> saga = starts(trip).deadline().says(What.RESENT);

        saga.passes(Duration.between(saga.now(), saga.due()).plusMinutes(20))
                .on(new DeadlinePassed())
                .sends(SEAT)
                .says(What.RESENT)
                .deadline()
                .sends(FREE_SEAT)
                .says(What.TIMED_OUT);
    }

    @Test
    void asksForAnUndoOnceMoreWhenNobodyLookedAtTheDeadline() {
        SagaScript<Trip> saga = starts(trip).silence(1).sends(FREE_SEAT).deadline();

        saga.passes(Duration.between(saga.now(), saga.due()).plusMinutes(20))
                .on(new DeadlinePassed())
                .sends(FREE_SEAT)
                .deadline()
                .says(What.STUCK);
    }

    @Test
    void boundsOneDeferralOfAnUndo() {
        SagaScript<Trip> saga = starts(trip).silence(1).sends(FREE_SEAT);

        saga.undoes("seat", new Reply.Deferred(Instant.MAX, "later")).says(What.DEFERRED);

        assertThat(saga.due()).isEqualTo(saga.now().plus(Trips.POLICY.budget()));
        saga.undoes("seat", FREED).is(SagaAdvanced.Phase.UNDOING);
    }

    @Test
    void boundsOneDeferralOfWhatOnlyGoesForward() {
        SagaScript<Trip> saga =
                starts(trip).does("seat", SEATED).does("fare", PAID).sends(TICKET);

        saga.does("ticket", new Reply.Deferred(Instant.MAX, "later")).says(What.DEFERRED);

        assertThat(saga.due()).isEqualTo(saga.now().plus(Trips.POLICY.budget()));
    }

    @Test
    void staysStuckWhenTheUndoIsDeferred() {
        SagaScript<Trip> saga = starts(trip).silence(1).silence(1).is(SagaAdvanced.Phase.STUCK);

        saga.undoes("seat", new Reply.Deferred(saga.now().plusSeconds(60), "later"))
                .ignores(Ignored.UNFIT);
    }

    @Test
    void refusesASagaOfAnotherDefinition() {
        SagaState<Trip> state = starts(trip).state();

        assertThatIllegalStateException()
                .isThrownBy(() -> Engine.decide(trip(asked(), fare()), state, new DeadlinePassed(), Instant.EPOCH))
                .withMessageContainingAll(state.id().toString(), state.orderId().toString(), trip.hash());
    }

    @Test
    void refusesASagaAtAStepThatTheDefinitionLacks() {
        SagaState<Trip> state = starts(trip).state();
        SagaState<Trip> lost = state.to(new Running("dinner", 1, Instant.EPOCH), Instant.EPOCH);

        assertThatIllegalStateException()
                .isThrownBy(() -> Engine.decide(trip, lost, new DeadlinePassed(), Instant.EPOCH))
                .withMessageContainingAll(state.id().toString(), state.orderId().toString(), "dinner");
    }

    @Test
    void refusesAnOpenStateWithoutADueTime() {
        SagaState<Trip> state = starts(trip).state();

        assertThatIllegalStateException()
                .isThrownBy(() -> state.to(state.phase(), null))
                .withMessageContaining(state.id().toString());
    }
}
