package caravan.gateway.proxy.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import caravan.gateway.proxy.Fetched;
import caravan.gateway.proxy.cache.Flights.Flight;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FlightsTest {

    private static final Key TEA = new Key("/tea", "", 0, Coding.ANY);
    private static final Key COFFEE = new Key("/coffee", "", 0, Coding.ANY);
    private static final Outcome OUTCOME = new Outcome.Unshared(new Fetched.TooLong());

    private final Flights flights = new Flights(1000);
    private final List<Flight> started = new ArrayList<>();
    private final List<String> landed = new ArrayList<>();

    @Test
    void asksOnceForAllWhoCome() {
        board("a", false);
        board("b", false);

        flights.land(started.getFirst(), OUTCOME);

        assertThat(started).hasSize(1);
        assertThat(landed).containsExactly("a first", "b");
        assertThat(flights.waiting()).isZero();
    }

    @Test
    void asksAgainForWhoeverComesAfterwards() {
        board("a", false);
        flights.land(started.getFirst(), OUTCOME);

        board("b", false);

        assertThat(started).hasSize(2);
    }

    @Test
    void asksOnceMoreForAllWhoNeedALaterOne() {
        board("a", false);
        board("later", true);
        board("later too", true);
        board("any", false);
        assertThat(started).hasSize(1);

        flights.land(started.getFirst(), OUTCOME);
        assertThat(landed).containsExactly("a first", "any");
        assertThat(started).hasSize(2);
        board("on the second", false);
        flights.land(started.get(1), OUTCOME);

        assertThat(landed).containsExactly("a first", "any", "later first", "later too", "on the second");
    }

    @Test
    void asksForEachKeyByItself() {
        board("a", false);
        flights.board(COFFEE, false, true, (_, _) -> {}, 0, started::add);

        assertThat(started).extracting(Flight::key).containsExactly(TEA, COFFEE);
    }

    @Test
    void takesNoMoreThanItHasRoomFor() {
        Flights small = new Flights(1);

        assertThat(small.board(TEA, false, true, (_, _) -> {}, 0, started::add)).isTrue();
        assertThat(small.board(TEA, false, true, (_, _) -> {}, 0, started::add)).isFalse();
        small.land(started.getFirst(), OUTCOME);

        assertThat(small.board(TEA, false, true, (_, _) -> {}, 0, started::add)).isTrue();
    }

    @Test
    void goesForNobodyOnlyWhenNobodyGoes() {
        flights.boardNobody(TEA, 0, started::add);
        flights.boardNobody(TEA, 0, started::add);
        board("a", false);
        assertThat(started).hasSize(1);

        flights.land(started.getFirst(), OUTCOME);

        assertThat(landed).containsExactly("a");
    }

    @Test
    void keepsTheAnswerIfOneOfThemDoesNotMind() {
        flights.board(TEA, false, false, (_, _) -> {}, 0, started::add);
        assertThat(started.getFirst().isKeeping()).isFalse();

        board("does not mind", false);

        assertThat(started.getFirst().isKeeping()).isTrue();
    }

    @Test
    void landsOnce() {
        board("a", false);
        flights.land(started.getFirst(), OUTCOME);

        assertThatIllegalStateException().isThrownBy(() -> flights.land(started.getFirst(), OUTCOME));
    }

    @Test
    void leavesNobodyBehindWhenManyComeAtOnce() {
        List<Flight> all = java.util.Collections.synchronizedList(new ArrayList<>());
        List<CompletableFuture<Outcome>> answers = IntStream.range(0, 500)
                .mapToObj(_ -> new CompletableFuture<Outcome>())
                .toList();

        answers.parallelStream()
                .forEach(answer -> flights.board(
                        TEA, answer.hashCode() % 3 == 0, true, (outcome, _) -> answer.complete(outcome), 0, flight -> {
                            all.add(flight);
                            Thread.startVirtualThread(() -> flights.land(flight, OUTCOME));
                        }));

        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                .join();
        assertThat(flights.waiting()).isZero();
        assertThat(all).hasSizeBetween(1, 500);
    }

    private void board(String who, boolean later) {
        flights.board(
                TEA,
                later,
                true,
                (outcome, first) -> {
                    assertThat(outcome).isEqualTo(OUTCOME);
                    landed.add(first ? who + " first" : who);
                },
                0,
                started::add);
    }
}
