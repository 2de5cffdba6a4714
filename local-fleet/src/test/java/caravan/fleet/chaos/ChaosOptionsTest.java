package caravan.fleet.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.fleet.FleetException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChaosOptionsTest {

    @Test
    void takesLengthSeedAndRate() {
        ChaosOptions options = ChaosOptions.parse(List.of("--minutes", "15", "--seed", "-3", "--rate", "20"));

        assertThat(options).isEqualTo(new ChaosOptions(Duration.ofMinutes(15), -3, 20));
    }

    @Test
    void makesUpASeedThatCanBeTypedAgain() {
        ChaosOptions options = ChaosOptions.parse(List.of());

        assertThat(options.length()).isEqualTo(Duration.ofMinutes(5));
        assertThat(options.rate()).isEqualTo(10);
        assertThat(options.seed()).isBetween(0L, 999_999L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--minutes",
                "--minutes 0",
                "--minutes 1441",
                "--rate 0",
                "--rate 201",
                "--seed x",
                "--fast",
                "now"
            })
    void saysWhatItCannotDo(String words) {
        List<String> list = List.of(words.split(" ", -1));

        assertThatThrownBy(() -> ChaosOptions.parse(list)).isInstanceOf(FleetException.class);
    }
}
