package caravan.notification;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.ext.mail.SMTPException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmtpTest {

    @Test
    void isCertainThatNothingWasSentWithoutAConnection() {
        assertThat(Smtp.meaningOf(new ConnectException("refused"))).isInstanceOf(Outcome.Refused.class);
        assertThat(Smtp.meaningOf(new UnknownHostException("mail"))).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void takesTheServersWordForIt() {
        assertThat(Smtp.meaningOf(answer(451))).isInstanceOf(Outcome.Refused.class);
        assertThat(Smtp.meaningOf(answer(550))).isInstanceOf(Outcome.Rejected.class);
    }

    @Test
    void isUncertainAboutEverythingElse() {
        assertThat(Smtp.meaningOf(new IOException("socket was closed unexpected.")))
                .isInstanceOf(Outcome.Unknown.class);
        assertThat(Smtp.meaningOf(new IllegalStateException("?"))).isInstanceOf(Outcome.Unknown.class);
    }

    private static SMTPException answer(int code) {
        return new SMTPException("no", code, List.of(code + " no"), false);
    }
}
