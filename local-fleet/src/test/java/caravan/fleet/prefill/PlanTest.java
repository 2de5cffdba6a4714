package caravan.fleet.prefill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import caravan.fleet.prefill.Cast.Buyer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final int ORDERS = 20_000;
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.89Z");
    private static final Buyer ADA = new Buyer(UUID.randomUUID(), UUID.randomUUID());
    private static final UUID APPROVED = UUID.randomUUID();
    private static final UUID DECLINED = UUID.randomUUID();
    private static final UUID UNDELIVERABLE = UUID.randomUUID();

    private final Cast cast = new Cast(List.of(APPROVED), List.of(DECLINED), List.of(UNDELIVERABLE), List.of(ADA));
    private final Plan plan = Plan.endingAt(NOW, ORDERS, cast);

    @Test
    void givesEachOrderTheSameAtAnyTime() {
        Plan again = new Plan(ORDERS, plan.from(), plan.until(), cast);

        assertThat(numbers()).allSatisfy(number -> {
            assertThat(again.order(number)).isEqualTo(plan.order(number));
            assertThat(again.sample(number)).isEqualTo(plan.sample(number));
        });
    }

    @Test
    void spreadsIdsOverPastDaysInTheirOrder() {
        List<UUID> ids =
                numbers().stream().map(number -> plan.order(number).id()).toList();

        assertThat(ids).doesNotHaveDuplicates().isSortedAccordingTo(UUID::compareTo);
        assertThat(ids).allSatisfy(id -> {
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
        });
        assertThat(Instant.ofEpochMilli(ids.getFirst().getMostSignificantBits() >>> 16))
                .isEqualTo(plan.from());
        assertThat(plan.order(ORDERS - 1).second()).isLessThan(plan.until().getEpochSecond());
        assertThat(plan.from()).isAfter(NOW.minus(Duration.ofDays(7)));
        assertThat(plan.until()).isBefore(NOW);
    }

    @Test
    void declinesThreeInAHundredAndCannotDeliverOne() {
        assertThat(part(DECLINED)).isCloseTo(0.03, within(0.005));
        assertThat(part(UNDELIVERABLE)).isCloseTo(0.01, within(0.003));
    }

    @Test
    void givesEveryCustomerSomeTwentyOrders() {
        Set<UUID> customers = new HashSet<>();
        numbers().forEach(number -> customers.add(plan.order(number).buyer().id()));
        long ofAda = numbers().stream()
                .filter(number -> plan.order(number).buyer().equals(ADA))
                .count();

        assertThat(customers).hasSizeBetween(990, 1_000);
        assertThat(ofAda).isBetween(5L, 45L);
    }

    @Test
    void endsWithAChunkThatIsNotFull() {
        Plan odd = Plan.endingAt(NOW, Plan.CHUNK + 1, cast);

        assertThat(odd.chunks()).isEqualTo(2);
        assertThat(odd.firstAfter(0)).isEqualTo(Plan.CHUNK);
        assertThat(odd.firstAfter(1)).isEqualTo(Plan.CHUNK + 1);
    }

    private double part(UUID sample) {
        return (double) numbers().stream()
                        .filter(number -> plan.sample(number).equals(sample))
                        .count()
                / ORDERS;
    }

    private static List<Integer> numbers() {
        return IntStream.range(0, ORDERS).boxed().toList();
    }
}
