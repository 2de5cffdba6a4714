package caravan.fleet;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Who is told of alerts in this fleet: the console, and {@code log/alerts.log} with a line for each alert that begins or ends. Alertmanager repeats itself, and says
 * everything of a group again when one of them changes; here each change is said once.
 */
final class AlertLog implements AutoCloseable {
    static final String NAME = "alerts";

    /** A group of some hundred alerts. */
    private static final int BODY_LIMIT_BYTES = 1 << 20;

    private final LocalHttp http = new LocalHttp(NAME);
    private final Path log;
    private final Consumer<String> console;
    // Touched by the event loop alone; holds what fires now.
    private final Map<String, String> told = new HashMap<>();

    private AlertLog(Path log, Consumer<String> console) {
        this.log = log;
        this.console = console;
    }

    /**
     * Listens on 127.0.0.1.
     *
     * @throws FleetException when the port is taken
     */
    static AlertLog start(int port, Path log, Consumer<String> console) {
        AlertLog receiver = new AlertLog(log, console);
        try {
            receiver.http.listen(port, receiver::handle);
            return receiver;
        } catch (FleetException e) {
            receiver.close();
            throw e;
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private void handle(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.POST)) {
            LocalHttp.json(request, 404, new JsonObject().put("status", "no-such-page"));
            return;
        }
        LocalHttp.body(request, BODY_LIMIT_BYTES, body -> {
            try {
                new JsonObject(body).getJsonArray("alerts").forEach(alert -> tell(new Alert((JsonObject) alert)));
                LocalHttp.json(request, 200, new JsonObject().put("status", "told"));
            } catch (DecodeException | ClassCastException | NullPointerException _) {
                LocalHttp.json(request, 400, new JsonObject().put("status", "not a message of Alertmanager"));
            }
        });
    }

    private void tell(Alert alert) {
        if (alert.fires() ? told.put(alert.id(), alert.name()) == null : told.remove(alert.id()) != null) {
            console.accept("alert: " + alert.line());
            append(Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + alert.line() + "\n");
        }
    }

    private void append(String line) {
        try {
            Files.writeString(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            console.accept("alert: cannot write to " + log + ": " + e.getMessage());
        }
    }

    /** One alert of a message (Alertmanager's webhook, version 4). */
    private record Alert(JsonObject json) {
        boolean fires() {
            return "firing".equals(json.getString("status"));
        }

        String id() {
            return Objects.requireNonNull(json.getString("fingerprint"), "an alert has a fingerprint");
        }

        String name() {
            return label("alertname");
        }

        /** What it is about, beside its name: a module, a topic. */
        String line() {
            String subject = json.getJsonObject("labels").stream()
                    .filter(label -> !label.getKey().equals("alertname")
                            && !label.getKey().equals("severity"))
                    .map(label -> label.getKey() + "=" + label.getValue())
                    .sorted()
                    .reduce("", (all, next) -> all.isEmpty() ? next : all + "," + next);
            JsonObject words = json.getJsonObject("annotations");
            return "%s %s %s {%s} %s; see %s"
                    .formatted(
                            json.getString("status"),
                            label("severity"),
                            name(),
                            subject,
                            words.getString("summary", ""),
                            words.getString("runbook_url", ""));
        }

        private String label(String name) {
            return json.getJsonObject("labels").getString(name, "");
        }
    }
}
