package caravan.saga.engine;

import static caravan.saga.engine.Trips.POLICY;
import static caravan.saga.engine.Trips.asked;
import static caravan.saga.engine.Trips.fare;
import static caravan.saga.engine.Trips.fareForGood;
import static caravan.saga.engine.Trips.seat;
import static caravan.saga.engine.Trips.seatAction;
import static caravan.saga.engine.Trips.seatUndo;
import static caravan.saga.engine.Trips.ticket;
import static caravan.saga.engine.Trips.ticketAction;
import static caravan.saga.engine.Trips.trip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import caravan.saga.engine.Trips.Trip;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DefinitionTest {

    @Test
    void keepsItsStepsInBusinessOrder() {
        assertThat(trip(asked(), seat(), fare(), ticket()).steps())
                .extracting(Step::name)
                .containsExactly("asked", "seat", "fare", "ticket");
    }

    @Test
    void refusesAnUndoAfterThePivot() {
        Step<Trip> undoable = new Step<>("ticket", Kind.RETRIABLE, ticketAction(POLICY), seatUndo());

        refuses(() -> trip(asked(), seat(), fare(), undoable), "stands after the pivot and has an undo");
    }

    @Test
    void refusesAStepBeforeThePivotWithoutUndo() {
        Step<Trip> lasting = new Step<>("seat", Kind.COMPENSATABLE, seatAction(), null);
        Step<Trip> asked = new Step<>("asked", Kind.GIVEN, null, null);

        refuses(() -> trip(asked(), lasting, fare()), "step seat stands before the pivot and has no undo");
        refuses(() -> trip(asked, fare()), "step asked stands before the pivot and has no undo");
    }

    @Test
    void refusesAStepThatDoesNothing() {
        refuses(() -> trip(asked(), new Step<>("seat", Kind.COMPENSATABLE, null, seatUndo()), fare()), "does nothing");
        refuses(() -> trip(asked(), new Step<>("fare", Kind.PIVOT, null, null)), "does nothing");
        refuses(() -> trip(asked(), fare(), new Step<>("ticket", Kind.RETRIABLE, null, null)), "does nothing");
    }

    @Test
    void refusesAGivenStepThatDoesSomething() {
        refuses(() -> trip(new Step<>("asked", Kind.GIVEN, seatAction(), seatUndo()), fare()), "has an action");
    }

    @Test
    void refusesDuplicateNames() {
        refuses(() -> trip(asked(), seat(), seat(), fare()), "step seat is there twice");
    }

    @Test
    void refusesNamesThatDoNotFitIntoAMessageId() {
        refuses(
                () -> trip(asked(), new Step<>("seat:1", Kind.COMPENSATABLE, seatAction(), seatUndo()), fare()),
                "kebab");
    }

    @Test
    void refusesAnythingButOneGivenAndOnePivotInOrder() {
        refuses(() -> trip(asked(), seat(), ticket()), "one pivot");
        refuses(() -> trip(seat(), fare()), "one given step");
        refuses(() -> trip(asked(), fare(), seat()), "in this order");
        refuses(() -> trip(asked(), ticket(), fare()), "in this order");
        refuses(
                () -> trip(asked(), fare(), new Step<>("fare-again", Kind.PIVOT, seatAction(), seatUndo())),
                "one pivot");
        refuses(() -> trip(), "one pivot");
    }

    @Test
    void refusesPoliciesWithoutDeadlineOrBounds() {
        Duration second = Duration.ofSeconds(1);

        refuses(() -> Policy.of(Duration.ZERO, 1, second), "no deadline");
        refuses(() -> Policy.of(second.negated(), 1, second), "no deadline");
        refuses(() -> Policy.of(second, -1, second), "resends below 0");
        refuses(() -> Policy.of(second, 1, Duration.ofMillis(999)), "backoff cap below the deadline");
        refuses(() -> POLICY.withBudget(second), "budget below the deadline");
        refuses(() -> POLICY.withBudget(Duration.ofDays(31)), "longer than 30 days");
    }

    @Test
    void hashesWhatARunningSagaDependsOn() {
        String hash = trip(asked(), seat(), fare(), ticket()).hash();

        assertThat(hash).isEqualTo("d56cde30333e2cdce56f99c08f8629272bce21fe2ac29b1f036057901ede6910");
        assertThat(trip(asked(), seat(), fare(), ticket()).hash()).isEqualTo(hash);
        assertThat(trip(asked(), seat(), fareForGood(), ticket()).hash()).isNotEqualTo(hash);
        assertThat(trip(asked(), seat(), fare()).hash()).isNotEqualTo(hash);
        assertThat(Definition.of("tour", Trip.class, asked(), seat(), fare(), ticket())
                        .hash())
                .isNotEqualTo(hash);
    }

    @Test
    void hashesNoDurations() {
        Step<Trip> slow =
                Step.retriable("ticket", ticketAction(Policy.forever(Duration.ofMinutes(1), Duration.ofHours(1))));

        assertThat(trip(asked(), seat(), fare(), slow).hash())
                .isEqualTo(trip(asked(), seat(), fare(), ticket()).hash());
    }

    private static void refuses(ThrowingCallable construction, String why) {
        assertThatIllegalArgumentException().isThrownBy(construction).withMessageContaining(why);
    }
}
