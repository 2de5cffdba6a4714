package caravan.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeakyBucketTest {

    private static final long MS = 1_000_000;

    @Test
    void spacesThoseThatComeTogether() {
        LeakyBucket bucket = new LeakyBucket(50, Duration.ZERO, 0);

        assertThat(bucket.take(0)).isZero();
        assertThat(bucket.take(0)).isEqualTo(Duration.ofMillis(20));
        assertThat(bucket.take(0)).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void savesNothingUpWhileIdle() {
        LeakyBucket bucket = new LeakyBucket(50, Duration.ZERO, 0);

        assertThat(bucket.take(5_000 * MS)).isZero();
        assertThat(bucket.take(5_000 * MS)).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void makesUpForAShortPause() {
        LeakyBucket bucket = new LeakyBucket(50, Duration.ofMillis(40), 0);
        bucket.take(1_000 * MS);

        // The slots of 980 and 1000 are taken late, at 1010, and the one behind keeps its time.
        assertThat(bucket.take(1_010 * MS)).isZero();
        assertThat(bucket.take(1_010 * MS)).isZero();
        assertThat(bucket.take(1_010 * MS)).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void keepsTheRateOverALongTime() {
        LeakyBucket bucket = new LeakyBucket(50, Duration.ofMillis(50), 0);
        long now = 0;
        for (int i = 0; i < 500; i++) {
            now += bucket.take(now).toNanos();
        }

        assertThat(Duration.ofNanos(now)).isBetween(Duration.ofMillis(9_900), Duration.ofMillis(10_000));
    }
}
