package caravan.fleet.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * All runs, in the order in which they were made.
 *
 * @param residentMegabytes of all parts after the last run, shared pages counted once; without the load generator
 */
public record BenchResult(List<Outcome> outcomes, double residentMegabytes) {

    /** The longest run at the highest rate that held. */
    Optional<Outcome> best() {
        return outcomes.stream()
                .filter(Outcome::held)
                .max(Comparator.comparingDouble(Outcome::seconds).thenComparingInt(Outcome::rate));
    }

    public String json(boolean clean) {
        JsonArray runs = new JsonArray();
        outcomes.forEach(outcome -> runs.add(outcome.json()));
        return new JsonObject()
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("residentMegabytes", residentMegabytes)
                .put("invariantsHold", clean)
                .put("runs", runs)
                .encodePrettily();
    }

    /** Rate against latency. */
    public String svg() {
        return new Plot(outcomes).svg();
    }

    public String text() {
        StringBuilder text = new StringBuilder("\nLatencies in ms, from when it was due\n");
        text.append(String.format(
                Locale.ROOT,
                "%8s %6s  %-18s %9s %9s %9s %9s %9s %9s%n",
                "rate/s",
                "held",
                "until",
                "a second",
                "p50",
                "p95",
                "p99",
                "p99.9",
                "max"));
        outcomes.forEach(outcome -> lines(text, outcome));
        best().ifPresent(best -> costs(text, best));
        text.append(String.format(Locale.ROOT, "%nResident memory: %.0f MB%n", residentMegabytes));
        return text.toString();
    }

    private static void lines(StringBuilder text, Outcome o) {
        String run = String.format(Locale.ROOT, "%8d %6s", o.rate(), o.held() ? "yes" : "NO");
        for (Stage stage : o.stages()) {
            line(text, run, stage.place(), stage.perSecond(), stage.latency());
            run = "";
        }
        o.reads().forEach((what, latency) -> line(text, "", what, latency.count() / o.seconds(), latency));
    }

    private static void line(StringBuilder text, String run, String until, double perSecond, Latency latency) {
        text.append(String.format(Locale.ROOT, "%15s  %-18s %9.1f %s%n", run, until, perSecond, latency.text()));
    }

    private static void costs(StringBuilder text, Outcome o) {
        text.append(String.format(
                Locale.ROOT, "%nCost of an order at %d/s: %.2f CPU ms%n", o.rate(), o.cpuMillisPerOrder()));
        o.costs().cpuMillis().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(part -> text.append(String.format(
                        Locale.ROOT, "  %-22s %8.3f CPU ms%n", part.getKey(), o.perOrder(part.getValue()))));
        o.costs().commits().entrySet().stream()
                .filter(database -> database.getValue() > 0)
                .forEach(database -> text.append(String.format(
                        Locale.ROOT,
                        "  %-22s %8.3f commits %10.0f bytes of WAL%n",
                        database.getKey(),
                        o.perOrder(database.getValue()),
                        o.perOrder(o.costs().walBytes().getOrDefault(database.getKey(), 0L)))));
        text.append(String.format(
                Locale.ROOT,
                "  %-22s %27.0f bytes of WAL%n",
                "other",
                o.perOrder(o.costs().walBytes().getOrDefault("other", 0L))));
        text.append(String.format(
                Locale.ROOT,
                "  %-22s %8.3f records%n",
                "Kafka",
                o.perOrder(o.costs().kafkaRecords())));
    }
}
