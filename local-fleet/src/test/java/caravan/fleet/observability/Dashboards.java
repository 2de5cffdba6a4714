package caravan.fleet.observability;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes Grafana's JSON of {@code dashboards.yml}: two panels a row, all of them lines over time. */
final class Dashboards {
    private static final int WIDTH = 12;
    private static final int HEIGHT = 8;

    /** Of the JSON; Grafana brings older ones up to date by itself. */
    private static final int SCHEMA = 39;

    private static final JsonObject PROMETHEUS = new JsonObject().put("type", "prometheus").put("uid", "prometheus");

    private Dashboards() {}

    /** File names and what they should hold. */
    static Map<String, JsonObject> all() {
        List<?> sources = (List<?>)
                Sources.yaml(Sources.DASHBOARDS.resolveSibling("dashboards.yml")).getFirst();
        return sources.stream()
                .map(source -> (Map<?, ?>) source)
                .collect(Collectors.toMap(source -> text(source, "uid").replace("caravan-", "") + ".json", Dashboards::of));
    }

    private static JsonObject of(Map<?, ?> source) {
        JsonArray panels = new JsonArray();
        for (Object panel : Alerts.list(source, "panels")) {
            panels.add(panel((Map<?, ?>) panel, panels.size()));
        }
        JsonArray variables = new JsonArray();
        if (Boolean.TRUE.equals(source.get("job"))) {
            variables.add(modules());
        }
        return new JsonObject()
                .put("uid", text(source, "uid"))
                .put("title", text(source, "title"))
                .put("description", text(source, "description"))
                .put("tags", new JsonArray().add("caravan"))
                .put("schemaVersion", SCHEMA)
                .put("editable", false)
                .put("graphTooltip", 1)
                .put("refresh", "30s")
                .put("time", new JsonObject().put("from", "now-1h").put("to", "now"))
                .put("links", new JsonArray().add(toTheOthers()))
                .put("templating", new JsonObject().put("list", variables))
                .put("panels", panels);
    }

    private static JsonObject panel(Map<?, ?> source, int index) {
        JsonObject panel = new JsonObject()
                .put("id", index + 1)
                .put("title", text(source, "title"))
                .put("type", "timeseries")
                .put("datasource", PROMETHEUS)
                .put("gridPos", place(index))
                .put("fieldConfig", fields(text(source, "unit")))
                .put("options", options())
                .put("targets", targets(source));
        @Nullable Object about = source.get("about");
        return about == null ? panel : panel.put("description", about.toString());
    }

    private static JsonArray targets(Map<?, ?> source) {
        JsonArray targets = new JsonArray();
        ((Map<?, ?>) source.get("queries"))
                .forEach((legend, expr) -> targets.add(new JsonObject()
                        .put("refId", String.valueOf((char) ('A' + targets.size())))
                        .put("datasource", PROMETHEUS)
                        .put("expr", expr.toString())
                        .put("legendFormat", legend.toString())
                        .put("exemplar", Boolean.TRUE.equals(source.get("exemplars")))
                        .put("range", true)));
        return targets;
    }

    private static JsonObject place(int index) {
        return new JsonObject()
                .put("x", index % 2 * WIDTH)
                .put("y", index / 2 * HEIGHT)
                .put("w", WIDTH)
                .put("h", HEIGHT);
    }

    private static JsonObject fields(String unit) {
        JsonObject custom = new JsonObject().put("lineWidth", 1).put("fillOpacity", 5).put("showPoints", "never");
        return new JsonObject()
                .put("defaults", new JsonObject().put("unit", unit).put("min", 0).put("custom", custom))
                .put("overrides", new JsonArray());
    }

    private static JsonObject options() {
        return new JsonObject()
                .put("legend", new JsonObject().put("displayMode", "list").put("placement", "bottom"))
                .put("tooltip", new JsonObject().put("mode", "multi").put("sort", "desc"));
    }

    private static JsonObject modules() {
        return new JsonObject()
                .put("name", "job")
                .put("label", "Module")
                .put("type", "query")
                .put("datasource", PROMETHEUS)
                .put("query", "label_values(up, job)")
                .put("refresh", 2)
                .put("multi", true)
                .put("includeAll", true)
                .put("allValue", ".+")
                .put("current", new JsonObject().put("text", "All").put("value", "$__all"));
    }

    private static JsonObject toTheOthers() {
        return new JsonObject()
                .put("type", "dashboards")
                .put("title", "Caravan")
                .put("tags", new JsonArray().add("caravan"))
                .put("asDropdown", false)
                .put("includeVars", true)
                .put("keepTime", true);
    }

    private static String text(Map<?, ?> source, String name) {
        return String.valueOf(source.get(name));
    }
}
