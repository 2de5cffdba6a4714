package caravan.fleet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.fleet.FleetException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchOptionsTest {

    @Test
    void searchesForAMinuteWhenNothingIsSaid() {
        BenchOptions options = BenchOptions.parse(List.of());

        assertThat(options.rates()).isEmpty();
        assertThat(options.length()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.json()).isFalse();
    }

    @Test
    void takesSeveralRates() {
        BenchOptions options = BenchOptions.parse(List.of("--rate", "50,100", "--seconds", "5", "--json"));

        assertThat(options.rates()).containsExactly(50, 100);
        assertThat(options.length()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.json()).isTrue();
    }

    @Test
    void fillsAFleetOrMeasuresTheEngine() {
        BenchOptions filled = BenchOptions.parse(List.of("--prefill", "10000000", "--rate", "100"));
        BenchOptions engine = BenchOptions.parse(List.of("--engine-only", "--rate", "100"));

        assertThat(filled.prefill()).isEqualTo(10_000_000);
        assertThat(filled.engineOnly()).isFalse();
        assertThat(engine.prefill()).isZero();
        assertThat(engine.engineOnly()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rate",
                "--rate 0",
                "--rate 1,",
                "--rate x",
                "--seconds 1e9",
                "--warm-up -1",
                "--prefill 0",
                "--prefill 10000001",
                "--engine-only --prefill 1",
                "--fast",
                "now"
            })
    void saysWhatItCannotDo(String words) {
        List<String> list = List.of(words.split(" ", -1));

        assertThatThrownBy(() -> BenchOptions.parse(list)).isInstanceOf(FleetException.class);
    }
}
