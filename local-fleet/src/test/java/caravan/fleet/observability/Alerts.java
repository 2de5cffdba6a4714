package caravan.fleet.observability;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;

/** The rules, as their files say them. */
final class Alerts {
    /** @param window of a burn rate, else empty */
    record Rule(String alert, String expr, String severity, String window, JsonObject annotations) {}

    private Alerts() {}

    static List<Path> files() {
        return Sources.in(Sources.PROMETHEUS.resolve("rules"), ".yml");
    }

    static List<Path> tests() {
        return Sources.in(Sources.PROMETHEUS.resolve("tests"), ".yml");
    }

    static List<Rule> all() {
        return files().stream()
                .flatMap(file -> Sources.objects(Sources.map(file), "groups"))
                .flatMap(group -> Sources.objects(group, "rules"))
                .filter(rule -> rule.containsKey("alert"))
                .map(Alerts::rule)
                .toList();
    }

    private static Rule rule(JsonObject rule) {
        JsonObject labels = rule.getJsonObject("labels");
        return new Rule(
                rule.getString("alert"),
                rule.getString("expr"),
                labels.getString("severity"),
                labels.getString("window", ""),
                rule.getJsonObject("annotations"));
    }
}
