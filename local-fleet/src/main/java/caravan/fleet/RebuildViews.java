package caravan.fleet;

import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Locale;

/** {@code ./caravan rebuild-views}: has order-service make its read model anew, and tells how far that is. */
final class RebuildViews {
    private static final String PATH = "/api/v1/ops/views/rebuild";
    private static final long LOOK_EVERY_MS = 1000;

    private final Session operator;
    private final PrintStream out;

    private RebuildViews(Session operator, PrintStream out) {
        this.operator = operator;
        this.out = out;
    }

    /** Exit code 0 when it came to its end. */
    static int run(URI gateway, Credentials.Login login, PrintStream out) {
        try (Session operator = Session.login(gateway, login)) {
            RebuildViews rebuild = new RebuildViews(operator, out);
            rebuild.start();
            return rebuild.follow();
        }
    }

    private void start() {
        HttpRequest request =
                operator.request(PATH).POST(BodyPublishers.noBody()).build();
        HttpResponse<String> answer = operator.send(request);
        switch (answer.statusCode()) {
            case 202 -> out.println("The views of all orders are made anew from their events.");
            case 409 -> out.println("A rebuild runs already; this is how far it is.");
            default ->
                throw new FleetException("The rebuild was not begun: " + answer.statusCode() + " " + answer.body());
        }
    }

    private int follow() {
        while (true) {
            JsonObject rebuild = operator.get(PATH);
            JsonObject progress = rebuild.getJsonObject("progress");
            switch (rebuild.getString("state")) {
                case "RUNNING" -> out.println(line(progress));
                case "DONE" -> {
                    out.println(end(progress));
                    return 0;
                }
                case "FAILED" -> {
                    out.println("It broke off: " + progress.getString("failure") + ". What is mended stays mended.");
                    return 1;
                }
                default -> {
                    out.println("The process that did it has gone. What is mended stays mended: begin again.");
                    return 1;
                }
            }
            Sockets.pause(LOOK_EVERY_MS);
        }
    }

    private static String line(JsonObject progress) {
        return String.format(
                Locale.ROOT,
                "  %,d events read, %,d views compared, %,d of them mended",
                progress.getLong("records"),
                progress.getLong("equal") + progress.getLong("mended"),
                progress.getLong("mended"));
    }

    private static String end(JsonObject progress) {
        return String.format(
                Locale.ROOT,
                """
                Done.
                  events read                    %,12d   (%,d unreadable)
                  orders found in the topics     %,12d
                  views that were right          %,12d
                  views that are mended          %,12d
                  views left alone               %,12d   (ahead of what was read)
                  views not in the topics        %,12d   (their events are too old)""",
                progress.getLong("records"),
                progress.getLong("unreadable"),
                progress.getLong("orders"),
                progress.getLong("equal"),
                progress.getLong("mended"),
                progress.getLong("left"),
                progress.getLong("notInTopics"));
    }
}
