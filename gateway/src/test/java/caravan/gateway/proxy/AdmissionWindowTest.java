package caravan.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.gateway.proxy.AdmissionWindow.Load;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AdmissionWindowTest {

    private static final long SECOND = 1_000_000_000L;

    private final AdmissionWindow window = new AdmissionWindow(new Rules());

    @Test
    void admitsEverybodyUntilSomethingIsKnown() {
        assertThat(admittedOf(10_000, 0)).isEqualTo(10_000);
    }

    @Test
    void readsALoadThatSaysNothingAsUnknown() {
        assertThat(Load.of(new JsonObject())).isEqualTo(Load.UNKNOWN);
    }

    @Test
    void admitsAsManyAsEndWithinTheObjective() {
        window.learn(new Load(450, 100), 0);

        assertThat(admittedOf(200, 0)).isEqualTo(50);
        assertThat(window.full(0)).isTrue();
    }

    @Test
    void admitsAtThePaceOfEndingOnceItIsFull() {
        window.learn(new Load(500, 100), 0);

        assertThat(admittedOf(200, SECOND / 2)).isEqualTo(50);
        assertThat(admittedOf(200, SECOND)).isEqualTo(50);
    }

    @Test
    void admitsTheFloorWhateverWasMeasured() {
        window.learn(new Load(0, 0), 0);

        assertThat(admittedOf(1_000, SECOND)).isEqualTo(200);
    }

    @Test
    void believesWhatItKnewForTenSecondsWhenNobodyAnswers() {
        window.learn(new Load(500, 0), 0);

        window.learnNothing(9 * SECOND);
        assertThat(admittedOf(1_000, 9 * SECOND)).isZero();

        window.learnNothing(11 * SECOND);
        assertThat(admittedOf(1_000, 11 * SECOND)).isEqualTo(1_000);
    }

    @Test
    void tellsWhenToComeAgain() {
        window.learn(new Load(800, 100), 0);
        assertThat(window.untilItFits(0)).isBetween(Duration.ofSeconds(3), Duration.ofMillis(3_020));

        window.learn(new Load(800, 0), 0);
        assertThat(window.untilItFits(0)).isEqualTo(Duration.ofSeconds(30));
    }

    private int admittedOf(int orders, long nowNs) {
        int admitted = 0;
        for (int i = 0; i < orders; i++) {
            admitted += window.admit(nowNs) ? 1 : 0;
        }
        return admitted;
    }

    private static final class Rules implements ProxyConfig.AdmissionRules {

        @Override
        public Duration within() {
            return Duration.ofSeconds(5);
        }

        @Override
        public int floor() {
            return 200;
        }

        @Override
        public Duration pollEvery() {
            return Duration.ofSeconds(1);
        }
    }
}
