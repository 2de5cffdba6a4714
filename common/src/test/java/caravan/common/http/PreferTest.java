package caravan.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreferTest {

    @Test
    void readsTheSeconds() {
        assertThat(seconds("wait=10")).isEqualTo("10");
        assertThat(seconds("Wait = 10")).isEqualTo("10");
        assertThat(seconds("wait=\"7\"")).isEqualTo("7");
        assertThat(seconds("wait=007")).isEqualTo("7");
        assertThat(seconds("wait=10; strict")).isEqualTo("10");
        assertThat(seconds("respond-async, wait=10")).isEqualTo("10");
        assertThat(seconds("x=\"a, wait=1\", wait=10")).isEqualTo("10");
        assertThat(seconds("x=\"a\\\", wait=1\", wait=10")).isEqualTo("10");
        assertThat(seconds("return=minimal", "wait=10")).isEqualTo("10");
    }

    @Test
    void cutsLongerWaits() {
        assertThat(seconds("wait=30")).isEqualTo("30");
        assertThat(seconds("wait=31")).isEqualTo("30");
        assertThat(seconds("wait=99999999999999999999")).isEqualTo("30");
    }

    @Test
    void passesOverWhatMakesNoSense() {
        assertThat(seconds()).isEmpty();
        assertThat(seconds("")).isEmpty();
        assertThat(seconds("wait")).isEmpty();
        assertThat(seconds("wait=")).isEmpty();
        assertThat(seconds("wait=0")).isEmpty();
        assertThat(seconds("wait=-1")).isEmpty();
        assertThat(seconds("wait=1.5")).isEmpty();
        assertThat(seconds("wait=soon")).isEmpty();
        assertThat(seconds("wait=\"5")).isEmpty();
        assertThat(seconds("waiting=5")).isEmpty();
        assertThat(seconds("\"wait\"=5")).isEmpty();
        assertThat(seconds(",;,=,\"\\")).isEmpty();
    }

    @Test
    void takesTheFirstOfSeveral() {
        assertThat(seconds("wait=3, wait=9")).isEqualTo("3");
        assertThat(seconds("wait=soon", "wait=9")).isEmpty();
    }

    /** The wait in seconds, or nothing. */
    private static String seconds(String... headers) {
        return Prefer.wait(List.of(headers))
                .map(Duration::toSeconds)
                .map(Object::toString)
                .orElse("");
    }
}
