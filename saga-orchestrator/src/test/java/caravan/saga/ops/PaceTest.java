package caravan.saga.ops;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.saga.ops.Pace.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Pace pace = new Pace();

    @Test
    void readsAQuarterOfAnHourAtFirst() {
        assertThat(pace.unread(NOON.plusSeconds(3))).isEqualTo(NOON.minus(Duration.ofMinutes(15)));
    }

    @Test
    void readsWhatMayHaveChangedAndWhatIsNewAfterThat() {
        pace.learn(List.of(bucket(0, 5)), NOON.plusSeconds(12));

        assertThat(pace.unread(NOON.plusSeconds(14))).isEqualTo(NOON.minusSeconds(10));
        assertThat(pace.unread(NOON.plusSeconds(300))).isEqualTo(NOON.minusSeconds(10));
    }

    @Test
    void readsAllAgainAfterALongTimeInWhichNobodyLooked() {
        pace.learn(List.of(bucket(0, 5)), NOON.plusSeconds(12));

        assertThat(pace.unread(NOON.plus(Duration.ofHours(2))))
                .isEqualTo(NOON.plus(Duration.ofHours(2)).minus(Duration.ofMinutes(15)));
    }

    @Test
    void takesTheLaterCountOfTheSameTenSeconds() {
        pace.learn(List.of(bucket(0, 5), bucket(10, 1)), NOON.plusSeconds(12));

        List<Bucket> known = pace.learn(List.of(bucket(10, 7), bucket(20, 2)), NOON.plusSeconds(22));

        assertThat(known).containsExactly(bucket(0, 5), bucket(10, 7), bucket(20, 2));
    }

    @Test
    void forgetsWhatIsOlderThanItShows() {
        pace.learn(List.of(bucket(0, 5), bucket(10, 6)), NOON.plusSeconds(12));

        List<Bucket> known =
                pace.learn(List.of(), NOON.plus(Duration.ofMinutes(15)).plusSeconds(10));

        assertThat(known).containsExactly(bucket(10, 6));
    }

    private static Bucket bucket(long second, long ended) {
        return new Bucket(NOON.plusSeconds(second), ended, 0, 300, 900);
    }
}
