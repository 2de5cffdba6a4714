package caravan.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void givesEachSlotAwayOnce() {
        Pace pace = new Pace(10, 1);

        assertThat(pace.next(NOW)).isEqualTo(NOW);
        assertThat(pace.next(NOW)).isEqualTo(NOW.plusMillis(100));
        assertThat(pace.next(NOW.plusSeconds(5))).isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void allowsNoMoreThanTheRateOverTime() {
        Pace pace = new Pace(100, 10);
        int started = 0;
        for (int ms = 0; ms < 2_000; ms += 7) {
            Instant now = NOW.plusMillis(ms);
            int allowed = pace.allowed(64, now);
            pace.use(allowed, now);
            started += allowed;
        }

        assertThat(started).isBetween(195, 212);
    }

    @Test
    void takesBackNothingThatWasNotUsed() {
        Pace pace = new Pace(100, 10);

        assertThat(pace.allowed(64, NOW)).isEqualTo(11);
        pace.use(3, NOW);

        assertThat(pace.allowed(64, NOW)).isEqualTo(8);
    }
}
