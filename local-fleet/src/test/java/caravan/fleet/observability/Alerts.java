package caravan.fleet.observability;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rules, as their files say them. */
final class Alerts {
    /** @param window of a burn rate, else empty */
    record Rule(String alert, String expr, String severity, String window, Map<?, ?> annotations) {}

    private Alerts() {}

    static List<Path> files() {
        return Sources.in(Sources.PROMETHEUS.resolve("rules"), ".yml");
    }

    static List<Path> tests() {
        return Sources.in(Sources.PROMETHEUS.resolve("tests"), ".yml");
    }

    static List<Rule> all() {
        List<Rule> rules = new ArrayList<>();
        for (Path file : files()) {
            for (Object group : list(Sources.yaml(file).getFirst(), "groups")) {
                for (Object rule : list(group, "rules")) {
                    if (rule instanceof Map<?, ?> map && map.containsKey("alert")) {
                        rules.add(rule(map));
                    }
                }
            }
        }
        return rules;
    }

    private static Rule rule(Map<?, ?> map) {
        Map<?, ?> labels = (Map<?, ?>) map.get("labels");
        Object window = labels.get("window");
        return new Rule(
                text(map, "alert"),
                text(map, "expr"),
                text(labels, "severity"),
                window == null ? "" : window.toString(),
                (Map<?, ?>) map.get("annotations"));
    }

    static List<?> list(Object of, String name) {
        return (List<?>) ((Map<?, ?>) of).get(name);
    }

    private static String text(Map<?, ?> map, String name) {
        return String.valueOf(map.get(name));
    }
}
