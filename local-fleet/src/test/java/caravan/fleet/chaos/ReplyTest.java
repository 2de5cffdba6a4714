package caravan.fleet.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyTest {

    @Test
    void namesTheAcceptedOrder() {
        UUID id = UUID.randomUUID();

        assertThat(Reply.of(202, null, "{\"id\":\"" + id + "\",\"status\":\"PENDING\"}"))
                .isEqualTo(new Reply.Accepted(id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"id\":\"0198", "{\"id\":\"no id\"}", "{}"})
    void isWorthAskingAgainWhenItWasCutOff(String body) {
        assertThat(Reply.of(202, null, body)).isEqualTo(Reply.NO_ANSWER);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 409, 429, 500, 502, 503, 504})
    void isWorthAskingAgainWhenItMayChange(int status) {
        assertThat(Reply.of(status, null, "")).isEqualTo(Reply.NO_ANSWER);
    }

    @Test
    void isNotWorthAskingBeforeTheGatewaySaysSo() {
        assertThat(Reply.of(503, "7", "")).isEqualTo(new Reply.Again(7));
        assertThat(Reply.of(503, "9999", "")).isEqualTo(new Reply.Again(60));
        assertThat(Reply.of(429, "Thu, 26 Nov 2026 10:00:00 GMT", "")).isEqualTo(Reply.NO_ANSWER);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 422})
    void isFinalWhenTheOrderIsWrong(int status) {
        assertThat(Reply.of(status, null, "")).isEqualTo(new Reply.Refused(status));
    }
}
