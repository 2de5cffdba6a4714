package caravan.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BucketTest {

    private static final long SECOND_US = 1_000_000;
    private static final Rate RATE = new Rate(100, 10 * SECOND_US);
    private static final long TOKEN = RATE.price(1, 1);

    @Test
    void refillsTenTokensASecond() {
        Bucket empty = new Bucket(RATE.capacity(), 0);

        Bucket later = empty.at(SECOND_US, RATE);

        assertThat(RATE.remaining(later.debt(), 1)).isEqualTo(10);
    }

    @Test
    void neverHoldsMoreThanItsQuota() {
        Bucket used = new Bucket(3 * TOKEN, 0);

        Bucket nextYear = used.at(365L * 86_400 * SECOND_US, RATE);

        assertThat(nextYear.debt()).isZero();
    }

    @Test
    void losesNothingWhenItIsLookedAtEveryMicrosecond() {
        Rate odd = new Rate(7, 3 * SECOND_US);
        Bucket bucket = new Bucket(odd.capacity(), 0);

        for (long us = 1; us <= 1000; us++) {
            bucket = bucket.at(us, odd);
        }

        assertThat(bucket).isEqualTo(new Bucket(odd.capacity(), 0).at(1000, odd));
    }

    @Test
    void goesOnFromAClockThatWasSetBack() {
        Bucket used = new Bucket(50 * TOKEN, 3600 * SECOND_US);

        Bucket setBack = used.at(0, RATE);

        assertThat(setBack.debt()).isEqualTo(50 * TOKEN);
        assertThat(setBack.at(SECOND_US, RATE).debt()).isEqualTo(40 * TOKEN);
    }

    @Test
    void saysHowLongToWait() {
        assertThat(RATE.waitUs(RATE.capacity(), TOKEN)).isEqualTo(SECOND_US / 10);
        assertThat(RATE.waitUs(0, TOKEN)).isZero();
        assertThat(RATE.fullInUs(TOKEN)).isEqualTo(SECOND_US / 10);
    }

    @Test
    void costsAShareAsManyTimesMore() {
        assertThat(RATE.remaining(0, 2)).isEqualTo(50);
        assertThat(RATE.remaining(0, 3)).isEqualTo(33);
        assertThat(RATE.price(2, 3)).isEqualTo(6 * TOKEN);
    }

    @Test
    void admitsSomebodyHoweverSmallTheShare() {
        assertThat(RATE.price(1, 400)).isEqualTo(RATE.capacity());
        assertThat(new Bucket(0, 0).lacks(RATE.price(1, 400), RATE)).isFalse();
    }

    @Test
    void refusesACostThatNoBucketHolds() {
        assertThat(new Bucket(0, 0).lacks(RATE.price(101, 1), RATE)).isTrue();
        assertThat(new Bucket(0, 0).lacks(RATE.price(101, 5), RATE)).isTrue();
    }

    @Test
    void refusesARateThatCannotBeCountedExactly() {
        assertThatThrownBy(() -> new Rate(1L << 40, 1L << 20)).hasMessageContaining("cannot be counted");
    }
}
