package caravan.order.replica;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.sql.WalPosition;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How far behind a replica is, from where the primary was at what time. Times are milliseconds here. */
class LandmarksTest {

    private final Landmarks landmarks = new Landmarks();

    @Test
    void knowsNothingBeforeThePrimaryWasSeen() {
        assertThat(landmarks.lag(at(5), ns(100), Optional.empty())).isEmpty();
    }

    @Test
    void isNothingForWhoHasAllThatThePrimaryHas() {
        primary(100, 0);

        assertThat(lag(100, 60_000)).isZero();
        assertThat(lag(101, 60_000)).isZero();
    }

    @Test
    void staysNothingWhileNothingIsWritten() {
        for (int ms = 0; ms < 3_600_000; ms += 250) {
            primary(100, ms);
        }

        assertThat(lag(100, 3_600_000)).isZero();
    }

    @Test
    void beginsWithTheFirstWriteThatIsMissing() {
        primary(100, 0);
        primary(100, 3_600_000);
        primary(200, 3_600_250);

        assertThat(lag(100, 3_600_300)).hasMillis(300);
    }

    @Test
    void growsWhileAReplicaStandsStill() {
        primary(100, 0);
        primary(200, 250);
        for (int ms = 500; ms <= 10_000; ms += 250) {
            primary(200, ms);
        }

        assertThat(lag(150, 10_000)).hasMillis(10_000);
    }

    @Test
    void isMeasuredFromTheNewestThatTheReplicaHas() {
        primary(100, 0);
        primary(200, 250);
        primary(300, 500);
        primary(400, 750);

        assertThat(lag(100, 1_000)).hasMillis(1_000);
        assertThat(lag(350, 1_000)).hasMillis(500);
        assertThat(lag(399, 1_250)).hasMillis(750);
        assertThat(lag(400, 1_250)).isZero();
    }

    @Test
    void believesTheTimeOfATransactionBetweenTwoLooks() {
        primary(100, 0);
        primary(200, 250);

        assertThat(lag(150, 1_000, 900)).hasMillis(900);
    }

    @Test
    void believesNoClockThatContradictsWhatWasSeen() {
        primary(100, 0);
        primary(200, 250);

        assertThat(lag(150, 1_000, -5_000)).hasMillis(750);
        assertThat(lag(150, 1_000, 86_400_000)).hasMillis(1_000);
    }

    @Test
    void isUnknownlyLongForWhoLacksTheOldestThatIsKnown() {
        primary(100, 0);

        assertThat(lag(50, 1_000)).isGreaterThan(Duration.ofDays(365));
        assertThat(lag(50, 1_000, 7_000)).hasMillis(7_000);
        assertThat(lag(50, 1_000, 3)).hasMillis(1_000);
    }

    @Test
    void staysRightWhenMoreIsMissingThanCanBeNoted() {
        for (int look = 0; look < 1_000; look++) {
            primary(100 + look, 250L * look);
        }

        assertThat(lag(100, 250_000)).hasMillis(250_000);
        assertThat(lag(1_098, 250_000)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
        assertThat(lag(1_099, 250_000)).isZero();
    }

    @Test
    void measuresByWhatThePrimarySaidLastWhileItSaysNothing() {
        primary(100, 0);

        assertThat(lag(100, 600_000)).isZero();
    }

    @Test
    void forgetsAPrimaryThatHadMore() {
        primary(1_000, 0);
        primary(500, 250);

        assertThat(lag(500, 300)).isZero();
        assertThat(lag(400, 300, 10)).hasMillis(50);
    }

    private void primary(long position, long ms) {
        landmarks.primaryAt(at(position), ns(ms));
    }

    private Duration lag(long replayed, long nowMs) {
        return landmarks.lag(at(replayed), ns(nowMs), Optional.empty()).orElseThrow();
    }

    private Duration lag(long replayed, long nowMs, long transactionAgeMs) {
        return landmarks
                .lag(at(replayed), ns(nowMs), Optional.of(Duration.ofMillis(transactionAgeMs)))
                .orElseThrow();
    }

    private static WalPosition at(long bytes) {
        return new WalPosition(bytes);
    }

    private static long ns(long ms) {
        return ms * 1_000_000;
    }
}
