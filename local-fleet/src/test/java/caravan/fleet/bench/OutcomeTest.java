package caravan.fleet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.bench.Load.Order;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A hundred orders a second for ten seconds, one each ten milliseconds; times in microseconds. */
class OutcomeTest {

    private static final long SECOND = 1_000_000;
    private static final Costs NONE = new Costs(Map.of("gateway", 1_000L), Map.of(), Map.of(), 0);

    private final List<Order> orders = IntStream.range(0, 1_000)
            .mapToObj(i -> new Order(new UUID(i, 0), i * SECOND / 100, i * SECOND / 100 + 2_000))
            .toList();

    @Test
    void holdsWhatIsDecidedInTime() {
        Outcome outcome = decided(_ -> SECOND);

        assertThat(outcome.held()).isTrue();
        assertThat(outcome.inTime()).isEqualTo(1_000);
        assertThat(outcome.judged().latency().p50()).isBetween(999.0, 1_001.0);
        assertThat(outcome.stages().getFirst().latency().max()).isBetween(1.9, 2.1);
        assertThat(outcome.cpuMillisPerOrder()).isEqualTo(1.0);
    }

    @Test
    void doesNotHoldWhatComesTooLate() {
        assertThat(decided(at -> at % (SECOND / 2) == 0 ? 6 * SECOND : 1_000).held())
                .isFalse();
    }

    @Test
    void doesNotHoldABacklogThatGrows() {
        Outcome outcome = decided(at -> at / 4);

        assertThat(outcome.inTime()).isEqualTo(1_000);
        assertThat(outcome.grown()).isGreaterThan(50);
        assertThat(outcome.held()).isFalse();
    }

    /** Forty under way at half time and eighty at the end are no trend yet. */
    @Test
    void takesChanceForNoGrowth() {
        Outcome outcome = decided(at -> at < 5 * SECOND ? SECOND * 4 / 10 : SECOND * 8 / 10);

        assertThat(outcome.grown()).isBetween(35, 45);
        assertThat(outcome.held()).isTrue();
    }

    @Test
    void doesNotHoldWhatIsRefused() {
        Load.Sent half = sent(orders.subList(0, 500));

        assertThat(outcome(half, times(_ -> 1_000)).held()).isFalse();
    }

    @Test
    void missesWhatIsNeverDecided() {
        Load.Sent all = sent(orders);

        Outcome outcome = outcome(all, Map.of());

        assertThat(outcome.judged().count()).isZero();
        assertThat(outcome.held()).isFalse();
    }

    private Outcome decided(LongUnaryOperator after) {
        Load.Sent all = sent(orders);
        return outcome(all, times(after));
    }

    private static Load.Sent sent(List<Order> accepted) {
        return new Load.Sent(1_000, accepted, Map.of(), 0, 10 * SECOND, Map.of());
    }

    private static Outcome outcome(Load.Sent sent, Map<UUID, Long> decided) {
        Reached judged = new Reached("decided", decided);
        return Outcome.of(100, sent, List.of(Reached.accepted(sent.accepted()), judged), judged, NONE);
    }

    private Map<UUID, Long> times(LongUnaryOperator after) {
        Map<UUID, Long> times = new HashMap<>();
        orders.forEach(order -> times.put(order.id(), order.dueMicros() + after.applyAsLong(order.dueMicros())));
        return times;
    }
}
