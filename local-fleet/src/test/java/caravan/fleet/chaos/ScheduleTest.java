package caravan.fleet.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.Ports;
import caravan.fleet.chaos.Fault.Kind;
import caravan.fleet.chaos.Schedule.Planned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    private static final List<String> PARTS = Stream.concat(
                    Ports.SERVICES.stream(),
                    Stream.of("postgresql", "postgresql-replica", "pgbouncer", "kafka", "redis", "card-network"))
            .toList();

    @Test
    void isTheSameForTheSameSeedWhateverTheOrderOfTheParts() {
        List<String> others = new ArrayList<>(PARTS);
        Collections.reverse(others);

        Schedule schedule = Schedule.of(7, Duration.ofMinutes(30), PARTS);

        assertThat(schedule).isEqualTo(Schedule.of(7, Duration.ofMinutes(30), others));
        assertThat(schedule).isNotEqualTo(Schedule.of(8, Duration.ofMinutes(30), PARTS));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, -1, Long.MAX_VALUE})
    void beginsWithOneOfEveryKind(long seed) {
        Schedule schedule = Schedule.of(seed, Duration.ofMinutes(3), PARTS);

        assertThat(faults(schedule)).hasSize(9);
        assertThat(faults(schedule).subList(0, Kind.values().length))
                .extracting(Fault::kind)
                .containsExactlyInAnyOrder(Kind.values());
    }

    @Test
    void dealsEveryFaultBeforeItRepeatsOne() {
        List<Fault> faults = faults(Schedule.of(42, Duration.ofHours(1), PARTS));

        assertThat(faults.subList(0, everyFault()))
                .doesNotHaveDuplicates()
                .containsAll(PARTS.stream().map(Fault.Kill::new).toList());
        assertThat(faults.subList(0, everyFault()).stream().filter(Fault.Partition.class::isInstance))
                .hasSize(Ports.SERVICES.size());
    }

    @Test
    void letsTimePassBetweenFaultsAndHoldsEachForAWhile() {
        List<Planned> planned = Schedule.of(3, Duration.ofMinutes(30), PARTS).faults();

        for (int i = 1; i < planned.size(); i++) {
            assertThat(planned.get(i).at().minus(planned.get(i - 1).at()))
                    .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(25));
        }
        assertThat(planned)
                .extracting(each -> each.fault().hold())
                .allMatch(hold -> hold.isZero() || (hold.toSeconds() >= 2 && hold.toSeconds() <= 12));
    }

    @Test
    void hurtsOnlyWhatIsThere() {
        List<Fault> faults = faults(Schedule.of(1, Duration.ofHours(2), List.of("gateway", "kafka")));

        assertThat(faults)
                .extracting(Fault::text)
                .allMatch(text -> !text.contains("redis") && !text.contains("order-"));
        assertThat(faults).extracting(Fault::kind).contains(Kind.values());
    }

    @Test
    void printsEachFaultWithItsTime() {
        Schedule schedule = new Schedule(
                5,
                List.of(
                        new Planned(Duration.ofSeconds(3), new Fault.Kill("kafka")),
                        new Planned(Duration.ofSeconds(21), new Fault.Stop("redis", Duration.ofSeconds(4)))));

        assertThat(schedule.text().lines())
                .containsExactly("Seed 5: 2 faults", "     3 s  kill -9 kafka", "    21 s  stop redis for 4 s");
    }

    /** Kill and stop of each part, sessions and broker connections, a partition of each service, two slow disks. */
    private static int everyFault() {
        return 2 * PARTS.size() + 2 + Ports.SERVICES.size() + 2;
    }

    private static List<Fault> faults(Schedule schedule) {
        return schedule.faults().stream().map(Planned::fault).toList();
    }
}
