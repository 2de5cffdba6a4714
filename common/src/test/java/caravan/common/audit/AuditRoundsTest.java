package caravan.common.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AuditRoundsTest {

    @Test
    void makesUpForALongLookWithALongPause() {
        long tookNs = Duration.ofSeconds(1).toNanos();

        assertThat(AuditRounds.pauseNs(tookNs, 0.005)).isEqualTo(199 * tookNs);
        assertThat(AuditRounds.pauseNs(tookNs, 0.5)).isEqualTo(tookNs);
        assertThat(AuditRounds.pauseNs(tookNs, 1)).isZero();
    }
}
