package caravan.fleet.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.sensitivity.Verdict.Broken;
import caravan.fleet.sensitivity.Verdict.Caught;
import caravan.fleet.sensitivity.Verdict.Survived;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void isCaughtByWhatTheTestAsserts() {
        assertThat(Verdict.of(List.of("started", "failed\tASSERTION\tAssertionError\texpected 1  but was 2"), false))
                .isEqualTo(new Caught("expected 1 but was 2"));
    }

    @Test
    void isCaughtByWhatTheTestWaitsForInVain() {
        assertThat(Verdict.of(List.of("started", "failed\tTIMEOUT\tTimeoutException\t20 s"), false))
                .isEqualTo(new Caught("in vain: 20 s"));
    }

    @Test
    void survivesATestThatPasses() {
        assertThat(Verdict.of(List.of("started", "passed"), false)).isEqualTo(new Survived());
    }

    @Test
    void isBrokenWhenTheTestDoesNotGetSoFar() {
        assertThat(Verdict.of(List.of("failed\tBEFORE\tIllegalStateException\tno server"), false))
                .isEqualTo(new Broken("the test did not begin: IllegalStateException: no server"));
        assertThat(Verdict.of(List.of("started", "failed\tOTHER\tNullPointerException\tnull"), false))
                .isEqualTo(new Broken("the test fell over NullPointerException: null"));
        assertThat(Verdict.of(List.of("passed"), false)).isEqualTo(new Broken("no test was run"));
        assertThat(Verdict.of(List.of(), false)).isEqualTo(new Broken("no test was run"));
        assertThat(Verdict.of(List.of("started"), true)).isEqualTo(new Broken("the test did not end in time"));
        assertThat(Verdict.of(List.of(), true)).isEqualTo(new Broken("the test did not begin in time"));
    }
}
