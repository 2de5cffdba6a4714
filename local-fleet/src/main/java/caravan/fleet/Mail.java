package caravan.fleet;

import io.vertx.core.json.JsonObject;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One mail that the sink accepted; {@code raw} is all of it, headers and body. */
record Mail(Instant time, String messageId, String from, String to, String subject, String orderId, String raw) {
    private static final Session SESSION = Session.getInstance(new Properties());

    /** Headers that are missing or cannot be read are empty: a sink accepts what comes. */
    static Mail parse(Instant time, @Nullable String from, String to, byte[] data) {
        String raw = new String(data, StandardCharsets.UTF_8);
        String sender = from == null ? "" : from;
        try {
            MimeMessage message = new MimeMessage(SESSION, new ByteArrayInputStream(data));
            return new Mail(
                    time,
                    orEmpty(message.getMessageID()),
                    sender,
                    to,
                    orEmpty(message.getSubject()),
                    orEmpty(message.getHeader("X-Order-Id", null)),
                    raw);
        } catch (MessagingException _) {
            return new Mail(time, "", sender, to, "", "", raw);
        }
    }

    JsonObject summary() {
        return new JsonObject()
                .put("time", time.toString())
                .put("messageId", messageId)
                .put("from", from)
                .put("to", to)
                .put("subject", subject)
                .put("orderId", orderId);
    }

    private static String orEmpty(@Nullable String header) {
        return header == null ? "" : header;
    }
}
