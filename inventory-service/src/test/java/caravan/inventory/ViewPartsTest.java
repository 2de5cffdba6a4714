package caravan.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.cache.Served;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewPartsTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            delimiter = ';',
            value = {
                "null; 0",
                "''; 0",
                "count=1; 1",
                "count=12/3; 15",
                "will-report-and-limit, count = 7; 7",
                "count=7, do-report; 7",
                "count=999999999; 1000000",
                "count=9999999999; 0",
                "count=-1; 0",
                "count=1e3; 0",
                "count=; 0",
                "count; 0",
                "discount=5; 0",
                "7; 0"
            })
    void readsWhatACacheReports(String header, long hits) {
        assertThat(Meter.hits(header)).isEqualTo(hits);
    }

    @Test
    void keepsAnAnswerAsItIs() {
        Instant changed = Instant.parse("2026-01-02T03:04:05.678901Z");
        byte[] body = "{\"sku\":\"TEA\"}".getBytes(StandardCharsets.UTF_8);

        Rendering back = Rendering.FORMAT.read(Rendering.FORMAT.write(new Rendering(body, "\"1.5\"", changed)));
        Rendering bare = Rendering.FORMAT.read(Rendering.FORMAT.write(new Rendering(new byte[0], "\"0\"", null)));

        assertThat(back.body()).isEqualTo(body);
        assertThat(back.etag()).isEqualTo("\"1.5\"");
        assertThat(back.changedAt()).isEqualTo(changed);
        assertThat(bare.body()).isEmpty();
        assertThat(bare.changedAt()).isNull();
    }

    @Test
    void roundsAgesUp() {
        assertThat(Validators.age(read(Duration.ofMillis(1), true))).isEqualTo(OptionalLong.of(1));
        assertThat(Validators.age(read(Duration.ofMillis(20_100), true))).isEqualTo(OptionalLong.of(21));
        assertThat(Validators.age(read(Duration.ofMillis(100), false))).isEqualTo(OptionalLong.empty());
        assertThat(Validators.age(read(Duration.ofMillis(2_100), false))).isEqualTo(OptionalLong.of(3));
    }

    private static Served<String> read(Duration ago, boolean cached) {
        return new Served<>("value", System.nanoTime() - ago.toNanos(), cached);
    }
}
