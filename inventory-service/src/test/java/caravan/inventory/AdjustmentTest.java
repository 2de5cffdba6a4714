package caravan.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdjustmentTest {

    @Test
    void putsInAndTakesOut() {
        assertThat(Adjustment.of("TEA", 10, 5)).isEqualTo(new Adjustment("TEA", 5, 5, 15));
        assertThat(Adjustment.of("TEA", 10, -10)).isEqualTo(new Adjustment("TEA", -10, -10, 0));
    }

    @Test
    void takesAllOrNothing() {
        Adjustment refused = Adjustment.of("TEA", 10, -11);

        assertThat(refused.isRefused()).isTrue();
        assertThat(refused).isEqualTo(new Adjustment("TEA", -11, 0, 10));
    }

    @Test
    void leavesRoomForAnInt() {
        assertThat(Adjustment.of("TEA", Adjustment.MOST_ON_HAND, 1).isRefused()).isTrue();
    }
}
