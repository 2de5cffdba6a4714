package caravan.fleet;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/**
 * A mail server that delivers nothing: it appends one JSON line per accepted mail to a file and shows the last {@value #KEPT} on a page. {@code GET /} for people,
 * {@code GET /messages?to=} and {@code GET /count} for programs.
 */
public final class MailSink implements AutoCloseable {
    static final int KEPT = 1000;

    private static final int MESSAGE_LIMIT_BYTES = 256 << 10;
    private static final int CONNECTIONS = 50;

    private final Path file;
    private final Clock clock;
    private final LocalHttp http = new LocalHttp("the mail page");
    private final SMTPServer smtp;
    // SMTP sessions have a thread each; the page has another. Guarded by this.
    private final Deque<Mail> kept = new ArrayDeque<>();
    private long count;

    private MailSink(int smtpPort, Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        this.smtp = SMTPServer.port(smtpPort)
                .bindAddress(InetAddress.ofLiteral(Sockets.LISTEN))
                .hostName("localhost")
                .softwareName("Caravan mail sink")
                .maxMessageSize(MESSAGE_LIMIT_BYTES)
                .maxConnections(CONNECTIONS)
                .connectionTimeout(1, TimeUnit.MINUTES)
                .messageHandler((_, from, to, data) -> accept(from, to, data))
                .build();
    }

    /**
     * Listens on 127.0.0.1.
     *
     * @param file counted at the start, appended to, never shortened
     * @throws FleetException when a port is taken or the file cannot be read
     */
    public static MailSink start(int smtpPort, int pagePort, Path file) {
        Sockets.requireFree(smtpPort, "the mail sink");
        MailSink sink = new MailSink(smtpPort, file, Clock.systemUTC());
        try {
            sink.count = Files.exists(file) ? lines(file) : 0;
            sink.http.listen(pagePort, sink::handle);
            sink.smtp.start();
            return sink;
        } catch (IOException | RuntimeException e) {
            sink.close();
            throw new FleetException("Cannot start the mail sink: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        smtp.stop();
        http.close();
    }

    private synchronized void accept(@Nullable String from, String to, byte[] data) throws RejectException {
        if (data.length > MESSAGE_LIMIT_BYTES) {
            throw new RejectException(552, "Message exceeds " + MESSAGE_LIMIT_BYTES + " bytes");
        }
        Mail mail = Mail.parse(clock.instant(), from, to, data);
        try {
            Files.writeString(
                    file, mail.summary().encode() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException _) {
            throw new RejectException(452, "Cannot store the message");
        }
        count++;
        kept.addLast(mail);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
    }

    private void handle(HttpServerRequest request) {
        switch (request.path()) {
            case "/" -> LocalHttp.text(request, 200, "text/html", page());
            case "/messages" -> LocalHttp.text(request, 200, "application/json", messages(request.getParam("to", "")));
            case "/count" -> LocalHttp.json(request, 200, new JsonObject().put("count", count()));
            default -> LocalHttp.json(request, 404, new JsonObject().put("status", "no-such-page"));
        }
    }

    private synchronized long count() {
        return count;
    }

    private synchronized List<Mail> kept() {
        return List.copyOf(kept);
    }

    private String messages(String to) {
        List<JsonObject> found = kept().stream()
                .filter(mail -> to.isEmpty() || mail.to().equalsIgnoreCase(to))
                .map(mail -> mail.summary().put("raw", mail.raw()))
                .toList();
        return new JsonArray(found).encode();
    }

    private String page() {
        StringBuilder rows = new StringBuilder();
        for (Mail mail : kept().reversed()) {
            rows.append("<tr><td>%s<td>%s<td><details><summary>%s</summary><pre>%s</pre></details>\n"
                    .formatted(mail.time(), escaped(mail.to()), escaped(mail.subject()), escaped(mail.raw())));
        }
        return """
                <!doctype html><html lang="en"><meta charset="utf-8"><title>Caravan mail</title>
                <style>body{font-family:sans-serif;margin:2em}td,th{text-align:left;vertical-align:top;padding:.2em 1em}</style>
                <h1>%d mails</h1><p>The last %d, newest first.</p>
                <table><tr><th>time<th>to<th>subject
                %s</table></html>
                """.formatted(count(), KEPT, rows);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }

    private static long lines(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.count();
        }
    }
}
