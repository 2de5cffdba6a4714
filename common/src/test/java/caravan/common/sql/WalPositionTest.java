package caravan.common.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalPositionTest {

    @ParameterizedTest
    @ValueSource(strings = {"0/0", "0/16b3748", "16/b374d848", "ffffffff/ffffffff", "80000000/0"})
    void isWrittenAsItWasRead(String text) {
        assertThat(WalPosition.parse(text).text()).isEqualTo(text);
        assertThat(WalPosition.parse(text.toUpperCase(java.util.Locale.ROOT)).text())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "1/", "/1", "1/2/3", "-1/2", "1/123456789", "g/0", " 1/2"})
    void isNothingElse(String text) {
        assertThatThrownBy(() -> WalPosition.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reachesWhatIsBeforeIt() {
        WalPosition low = WalPosition.parse("7fffffff/ffffffff");
        WalPosition high = WalPosition.parse("80000000/0");

        assertThat(high.reaches(low)).isTrue();
        assertThat(low.reaches(high)).isFalse();
        assertThat(low.reaches(low)).isTrue();
        assertThat(low.reaches(WalPosition.START)).isTrue();
    }
}
