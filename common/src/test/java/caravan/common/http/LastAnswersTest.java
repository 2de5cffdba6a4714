package caravan.common.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastAnswersTest {

    @ParameterizedTest
    @CsvSource({
        "Java-http-client/17.0.9, true",
        "Java-http-client/23.0.2, true",
        "Java-http-client/24, false",
        "Java-http-client/25.0.1, false",
        "Java-http-client/anything, false",
        "curl/8.5.0, false",
        ", false"
    })
    void saysGoAwayToNobodyWhoWouldBreakOffForIt(@Nullable String userAgent, boolean breaksOff) {
        assertThat(LastAnswers.breaksOff(userAgent)).isEqualTo(breaksOff);
    }
}
