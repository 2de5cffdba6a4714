package caravan.notification;

import caravan.common.messaging.Faults;
import caravan.notification.Outcome.Accepted;
import caravan.notification.Outcome.Refused;
import caravan.notification.Outcome.Rejected;
import caravan.notification.Outcome.Unknown;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.mail.MailClient;
import jakarta.inject.Singleton;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The way to the mail server, and what its answers mean.
 *
 * <p>The Vert.x client under Quarkus' mailer, configured here: the mailer has no setting that ends the wait for a silent
 * server, and a connection that is waited for would be missing in the pool for ever.
 */
@Singleton
class Smtp {

    private final MailClient client;
    private final String from;
    private final Duration timeout;

    Smtp(Vertx vertx, NotificationConfig config) {
        MailConfig smtp = new MailConfig(config.smtpHost(), config.smtpPort())
                .setMaxPoolSize(config.smtpConnections())
                .setKeepAlive(true);
        smtp.setConnectTimeout((int) config.silence().toMillis());
        smtp.setIdleTimeout((int) config.silence().toMillis()).setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        config.smtpUser().ifPresent(smtp::setUsername);
        config.smtpPassword().ifPresent(smtp::setPassword);
        this.client = MailClient.create(vertx, smtp);
        this.from = config.from();
        this.timeout = config.sendTimeout();
    }

    /** Fails never. */
    Uni<Outcome> send(Letter letter) {
        return Uni.createFrom()
                .deferred(() -> client.sendMail(message(letter)))
                .<Outcome>map(_ -> new Accepted())
                .ifNoItem()
                .after(timeout)
                .recoverWithItem(() -> new Unknown("no answer within " + timeout))
                .onFailure()
                .recoverWithItem(Smtp::meaningOf);
    }

    private MailMessage message(Letter letter) {
        return new MailMessage()
                .setFrom(from)
                .setTo(letter.to())
                .setSubject(letter.subject())
                .setText(letter.text())
                .setHtml(letter.html())
                .setHeaders(MultiMap.caseInsensitiveMultiMap()
                        .add("Message-ID", letter.messageId())
                        .add("X-Order-Id", letter.orderId().toString())
                        .add("Auto-Submitted", "auto-generated"));
    }

    /**
     * Only what proves that the server has not taken the mail counts as not sent. A connection that breaks may have broken
     * after the server's 250 was on its way.
     */
    static Outcome meaningOf(Throwable fault) {
        String reason = Faults.describe(fault);
        return switch (fault) {
            case SMTPException answer when answer.isTransient() -> new Refused(reason);
            case SMTPException _ -> new Rejected(reason);
            case ConnectException _ -> new Refused(reason);
            case NoRouteToHostException _ -> new Refused(reason);
            case UnknownHostException _ -> new Refused(reason);
            // The client's own: the message cannot be put into SMTP.
            case IllegalArgumentException _ -> new Rejected(reason);
            default -> new Unknown(reason);
        };
    }

    void close() {
        client.closeAndForget();
    }
}
