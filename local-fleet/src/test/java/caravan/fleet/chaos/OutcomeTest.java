package caravan.fleet.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.audit.Report;
import caravan.fleet.chaos.Schedule.Planned;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    private static final Fault KILL = new Fault.Kill("payment-service");
    private static final Fault DISK = new Fault.SlowDisk("postgresql", Duration.ofMillis(100), Duration.ofSeconds(4));

    private static final Report WELL = report(0, 0);

    @Test
    void isCleanWhenAllHoldsAndAllIsThere() {
        assertThat(outcome(WELL, List.of()).clean()).isTrue();
    }

    @Test
    void isNotCleanWithAViolationAnOpenSagaOrABrokenPromise() {
        assertThat(outcome(report(1, 0), List.of()).clean()).isFalse();
        assertThat(outcome(report(0, 1), List.of()).clean()).isFalse();
        assertThat(outcome(WELL, List.of("gone")).clean()).isFalse();
    }

    @Test
    void reportsFaultsOrdersAndWhatWasPromised() {
        String text = outcome(WELL, List.of()).text();

        assertThat(text.lines())
                .anyMatch(line -> line.matches(" +3 +kill -9 payment-service +6\\.1 +\\+0\\.3 +\\+1\\.2"))
                .anyMatch(line -> line.matches(" +24 +slow disk for postgresql .* skipped: there is no strace"))
                .anyMatch(
                        line -> line.matches("kill -9 of a service +1 +0 +6\\.1 / 6\\.1 +0\\.3 / 0\\.3 +1\\.2 / 1\\.2"))
                .anyMatch(line -> line.matches("slow disk +0 +1 +- +- +-"))
                .anyMatch(line -> line.matches("2 faults, 0 not recovered from in time, 1 not reached"))
                .anyMatch(line -> line.matches("Orders offered +100 +\\(7 times asked again\\)"))
                .anyMatch(line -> line.matches(" +accepted +98"))
                .anyMatch(line -> line.matches("Dead letters +3 +\\{saga.replies.v1=3}"))
                .anyMatch(line -> line.matches("Longest silence +4\\.5 s .*"))
                .contains("Every order that was accepted is there, and no key has made two.");
    }

    @Test
    void namesWhatWasBroken() {
        assertThat(outcome(WELL, List.of("order 1 is not there")).text())
                .contains("Broken promises: 1", "  order 1 is not there");
    }

    private static Outcome outcome(Report audit, List<String> broken) {
        return new Outcome(
                new Schedule(
                        1,
                        List.of(
                                new Planned(Duration.ZERO, KILL),
                                new Planned(Duration.ofSeconds(20), DISK),
                                new Planned(Duration.ofSeconds(40), KILL))),
                List.of(
                        new Episode.Recovered(
                                KILL,
                                Duration.ofSeconds(3),
                                Duration.ofMillis(6_100),
                                Duration.ofMillis(300),
                                Duration.ofMillis(1_200)),
                        new Episode.Skipped(DISK, Duration.ofSeconds(24), "there is no strace")),
                new Answers(100, 98, 1, 1, 7),
                97,
                Map.of("saga.replies.v1", 3L),
                Duration.ofMillis(4_500),
                true,
                audit,
                broken);
    }

    private static Report report(long violations, long open) {
        return new Report(98, 90, 7, 0, open, 1, 0, 0, 0, 0, 0, 0, 0, violations, List.of());
    }
}
