package caravan.order.replica;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.sql.WalPosition;
import caravan.order.replica.ReplicaState.Away;
import caravan.order.replica.ReplicaState.InRotation;
import caravan.order.replica.ReplicaState.Lagging;
import caravan.order.replica.ReplicaState.Limits;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A replica in and out of the rotation: at most two seconds behind, back after a second below one. */
class ReplicaStateTest {

    private static final Limits LIMITS = new Limits(Duration.ofSeconds(2), Duration.ofSeconds(1));
    private static final WalPosition SOMEWHERE = new WalPosition(1000);

    private ReplicaState state = new Away("new");

    @Test
    void comesInWhenItHasStayedClose() {
        look(0, 10);
        assertThat(state).isInstanceOf(Lagging.class);

        look(999, 10);
        assertThat(state).isInstanceOf(Lagging.class);

        look(1000, 10);
        assertThat(state).isInstanceOf(InRotation.class);
        assertThat(any(1000)).isEqualTo(Reason.ANY);
    }

    @Test
    void startsToCountAgainWhenItWasNotClose() {
        look(0, 10);
        look(900, 1000);
        look(1100, 10);
        look(2000, 10);

        assertThat(state).isInstanceOf(Lagging.class);
        look(2100, 10);
        assertThat(state).isInstanceOf(InRotation.class);
    }

    @Test
    void goesOutPastTheLimitAndNotAtIt() {
        inRotation();

        look(2000, 2000);
        assertThat(state).isInstanceOf(InRotation.class);

        look(2250, 2001);
        assertThat(state).isInstanceOf(Lagging.class);
        assertThat(any(2250)).isEqualTo(Reason.LAGGING);
    }

    @Test
    void staysOutBetweenHalfAndAllOfTheLimit() {
        inRotation();
        look(2000, 3000);

        for (int ms = 2250; ms < 10_000; ms += 250) {
            look(ms, 1500);
        }

        assertThat(state).isEqualTo(new Lagging(Duration.ofMillis(1500), java.util.OptionalLong.empty()));
    }

    @Test
    void staysInBetweenHalfAndAllOfTheLimit() {
        inRotation();

        for (int ms = 2000; ms < 10_000; ms += 250) {
            look(ms, 1500);
        }

        assertThat(state).isInstanceOf(InRotation.class);
    }

    @Test
    void agesWhileItIsNotLookedAt() {
        inRotation();
        look(2000, 500);

        assertThat(any(3500)).isEqualTo(Reason.ANY);
        assertThat(any(3501)).isEqualTo(Reason.LAGGING);
        assertThat(state.serves(ns(3501), LIMITS)).isFalse();
    }

    @Test
    void servesATokenThatTheLastLookHasSeenReplayed() {
        inRotation();

        assertThat(state.reason(Optional.of(SOMEWHERE), ns(1000), LIMITS)).isEqualTo(Reason.REPLAYED);
        assertThat(state.reason(Optional.of(new WalPosition(1001)), ns(1000), LIMITS))
                .isEqualTo(Reason.BEHIND);
    }

    @Test
    void servesNoTokenThatItHasReplayedWhenItIsTooFarBehind() {
        inRotation();
        look(2000, 2500);

        assertThat(state.reason(Optional.of(WalPosition.START), ns(2000), LIMITS))
                .isEqualTo(Reason.LAGGING);
    }

    @Test
    void knowsNoMoreOfOneThatWasAway() {
        inRotation();
        state = new Away("gone");
        assertThat(state.lag()).isEmpty();
        assertThat(any(1100)).isEqualTo(Reason.AWAY);

        look(1250, 0);

        assertThat(state).isInstanceOf(Lagging.class);
        assertThat(state.lag()).contains(Duration.ZERO);
    }

    private void inRotation() {
        look(0, 0);
        look(1000, 0);
        assertThat(state).isInstanceOf(InRotation.class);
    }

    private void look(long ms, long lagMs) {
        state = state.seen(SOMEWHERE, Duration.ofMillis(lagMs), ns(ms), LIMITS);
    }

    private Reason any(long ms) {
        return state.reason(Optional.empty(), ns(ms), LIMITS);
    }

    private static long ns(long ms) {
        return ms * 1_000_000;
    }
}
