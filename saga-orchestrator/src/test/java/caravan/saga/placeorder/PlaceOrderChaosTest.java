package caravan.saga.placeorder;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.Failure;
import caravan.saga.engine.Direction;
import caravan.saga.engine.Phase.Compensated;
import caravan.saga.engine.Phase.Completed;
import caravan.saga.engine.Phase.Running;
import caravan.saga.engine.Phase.Stuck;
import caravan.saga.engine.Phase.Undoing;
import caravan.saga.placeorder.Participants.Errand;
import caravan.saga.placeorder.Participants.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Whatever the network and the participants do: all of the order happens, or none of it, or somebody is told. */
class PlaceOrderChaosTest {

    private static final Set<String> BEFORE_THE_PIVOT = Set.of("reserve-stock", "charge-payment");
    private static final List<String> GIVEN_AND_STEPS = givenAndSteps();

    @Property(tries = 5000)
    void endsWithAllOfItOrNothingOrStuck(@ForAll("plans") Plan plan, @ForAll("moves") List<Move> moves) {
        Fleet fleet = new Fleet(plan);

        moves.forEach(move -> fleet.happens(move.what(), move.which()));
        fleet.settles();

        List<String> effects = fleet.participants().effects();
        List<String> asked = fleet.participants().askedToUndo();
        Statistics.collect(fleet.state().phase().kind());
        switch (fleet.state().phase()) {
            case Completed _ -> {
                assertThat(effects).isEqualTo(GIVEN_AND_STEPS);
                assertThat(asked).isEmpty();
            }
            case Compensated _ -> {
                assertThat(effects).isEmpty();
                assertThat(asked).isEqualTo(backFrom(asked.getFirst()));
                assertThat(fleet.participants().undone()).isSubsetOf(asked).isEqualTo(sortedBack(fleet));
            }
            case Stuck at -> {
                assertThat(plan.dead()).contains(new Errand(at.step(), Direction.UNDO));
                assertThat(GIVEN_AND_STEPS).startsWith(effects.toArray(String[]::new));
                assertThat(GIVEN_AND_STEPS.indexOf(at.step())).isGreaterThanOrEqualTo(effects.size() - 1);
            }
            case Running _, Undoing _ -> throw new AssertionError("still open: " + fleet.state());
        }
    }

    @Property(tries = 1000)
    void completesWhenNobodyIsInTheWay(@ForAll("inOrder") List<Move> moves) {
        Fleet fleet = new Fleet(new Plan("", "", 0, Set.of()));

        moves.forEach(move -> fleet.happens(move.what(), move.which()));
        fleet.settles();

        assertThat(fleet.state().phase()).isInstanceOf(Completed.class);
        assertThat(fleet.participants().effects()).isEqualTo(GIVEN_AND_STEPS);
    }

    @Property(tries = 2000)
    void takesAllBackWhenItIsCancelledInTime(
            @ForAll("inOrder") List<Move> before, @ForAll("inOrder") List<Move> after, @ForAll("living") Plan plan) {
        Fleet fleet = new Fleet(plan);
        before.forEach(move -> fleet.happens(move.what(), move.which()));
        boolean inTime = fleet.state().phase() instanceof Running at && BEFORE_THE_PIVOT.contains(at.step());

        fleet.happens(14, 0);
        after.forEach(move -> fleet.happens(move.what(), move.which()));
        fleet.settles();

        Statistics.collect(inTime, fleet.state().phase().kind());
        if (inTime) {
            assertThat(fleet.state().phase()).isInstanceOf(Compensated.class);
            assertThat(fleet.state().failure()).isEqualTo(new Failure(Failure.CANCELLED, "changed my mind"));
            assertThat(fleet.participants().effects()).isEmpty();
        } else if (plan.rejecting().isEmpty()) {
            assertThat(fleet.state().phase()).isInstanceOf(Completed.class);
        }
    }

    /** Up to eighty things that happen, of all kinds. */
    @Provide
    Arbitrary<List<Move>> moves() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 15),
                        Arbitraries.integers().between(0, 9999))
                .as(Move::new)
                .list()
                .ofMaxSize(80);
    }

    /** Delivery, repetition and crashes, but nothing lost and no deadline. */
    @Provide
    Arbitrary<List<Move>> inOrder() {
        return Combinators.combine(
                        Arbitraries.of(0, 3, 4, 7, 8, 9, 12, 13),
                        Arbitraries.integers().between(0, 9999))
                .as(Move::new)
                .list()
                .ofMaxSize(80);
    }

    @Provide
    Arbitrary<Plan> plans() {
        Arbitrary<String> rejecting = Arbitraries.of("", "", "", "reserve-stock", "charge-payment", "arrange-shipment");
        Arbitrary<String> deferring = Arbitraries.of(Participants.steps());
        // What follows the pivot is never dead: it would be asked for ever.
        Arbitrary<Set<Errand>> dead = Arbitraries.of(
                        new Errand("reserve-stock", Direction.DO),
                        new Errand("charge-payment", Direction.DO),
                        new Errand("arrange-shipment", Direction.DO),
                        new Errand("arrange-shipment", Direction.UNDO),
                        new Errand("charge-payment", Direction.UNDO),
                        new Errand("reserve-stock", Direction.UNDO),
                        new Errand("order-placed", Direction.UNDO))
                .set()
                .ofMaxSize(2);
        return Combinators.combine(rejecting, deferring, Arbitraries.integers().between(0, 40), dead)
                .as(Plan::new);
    }

    /** Nobody is dead; somebody may say no. */
    @Provide
    Arbitrary<Plan> living() {
        return Arbitraries.of("", "", "reserve-stock", "charge-payment", "arrange-shipment")
                .map(rejecting -> new Plan(rejecting, "", 0, Set.of()));
    }

    record Move(int what, int which) {}

    private static List<String> givenAndSteps() {
        List<String> all = new ArrayList<>(Participants.steps());
        all.addFirst("order-placed");
        return List.copyOf(all);
    }

    /** The steps from this one back to the first, none left out. */
    private static List<String> backFrom(String step) {
        return GIVEN_AND_STEPS.subList(0, GIVEN_AND_STEPS.indexOf(step) + 1).reversed();
    }

    private static List<String> sortedBack(Fleet fleet) {
        return GIVEN_AND_STEPS.reversed().stream()
                .filter(fleet.participants().undone()::contains)
                .toList();
    }
}
