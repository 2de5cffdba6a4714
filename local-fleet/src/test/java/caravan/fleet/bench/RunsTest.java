package caravan.fleet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunsTest {

    @ParameterizedTest
    @CsvSource({"0,20,0", "20,40,30", "30,40,30", "100,200,150", "100,109,100", "640,1280,960"})
    void looksBetweenWhatHeldAndWhatDidNot(int held, int failed, int next) {
        assertThat(Runs.between(held, failed)).isEqualTo(next);
    }

    @Test
    void comesToAnEndWhateverHolds() {
        for (int limit = 20; limit < 2_000; limit++) {
            int held = 20;
            int failed = 2_000;
            int runs = 0;
            for (int next = Runs.between(held, failed); next > held; next = Runs.between(held, failed)) {
                runs++;
                if (next <= limit) {
                    held = next;
                } else {
                    failed = next;
                }
            }
            assertThat(runs).as("limit %d", limit).isLessThan(12);
            assertThat(held).isLessThanOrEqualTo(Math.max(20, limit));
        }
    }
}
