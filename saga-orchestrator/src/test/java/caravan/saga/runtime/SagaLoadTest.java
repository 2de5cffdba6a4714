package caravan.saga.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import caravan.saga.runtime.SagaLoad.Load;
import caravan.saga.runtime.SagaLoad.Sample;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SagaLoadTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void learnsTheRateOfEndsFromWhatBeganAndWhatIsOpen() {
        Load load = new Load(new Sample(START, 0, 0), 0);

        for (int second = 1; second <= 60; second++) {
            // 120 begin each second and 20 of them stay open.
            load = load.next(new Sample(START.plusSeconds(second), 20L * second, 120L * second));
        }

        assertThat(load.last().open()).isEqualTo(1200);
        assertThat(load.endedPerSecond()).isCloseTo(100, within(1.0));
    }

    @Test
    void keepsTheRateWhenTheCountsBeginAnew() {
        Load before = new Load(new Sample(START, 10, 5000), 80);

        Load after = before.next(new Sample(START.plusSeconds(1), 10, 3));

        assertThat(after.endedPerSecond()).isEqualTo(80);
    }

    @Test
    void saysNothingEndedWhenOnlyTheCountOfBegunOnesCameLate() {
        Load before = new Load(new Sample(START, 0, 100), 0);

        Load early = before.next(new Sample(START.plusSeconds(1), 50, 100));
        Load late = early.next(new Sample(START.plusSeconds(2), 50, 150));

        assertThat(early.endedPerSecond()).isZero();
        assertThat(late.endedPerSecond()).isLessThan(3);
    }
}
