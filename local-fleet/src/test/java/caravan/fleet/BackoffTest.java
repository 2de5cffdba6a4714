package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void doublesFromAFifthOfASecondToTenSeconds() {
        Backoff backoff = Backoff.NONE.after(Duration.ZERO);
        assertThat(backoff.pause()).isEqualTo(Duration.ofMillis(200));
        assertThat(backoff.after(Duration.ZERO).pause()).isEqualTo(Duration.ofMillis(400));

        for (int i = 0; i < 100; i++) {
            backoff = backoff.after(Duration.ofSeconds(29));
        }
        assertThat(backoff.pause()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void beginsAgainAfterAGoodLife() {
        assertThat(new Backoff(10).after(Duration.ofSeconds(30)).pause()).isEqualTo(Duration.ofMillis(200));
    }
}
