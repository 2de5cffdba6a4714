package caravan.fleet.observability;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes Grafana's JSON of {@code dashboards.yml}: two panels a row, all of them lines over time. */
final class Dashboards {
    private static final int WIDTH = 12;
    private static final int HEIGHT = 8;

    /** Of the JSON; Grafana brings older ones up to date by itself. */
    private static final int SCHEMA = 39;

    private static final JsonObject PROMETHEUS =
            new JsonObject().put("type", "prometheus").put("uid", "prometheus");

    private Dashboards() {}

    /** File names and what they should hold. */
    static Map<String, JsonObject> all() {
        JsonObject sources = Sources.map(Sources.DASHBOARDS.resolveSibling("dashboards.yml"));
        return Sources.objects(sources, "dashboards")
                .collect(Collectors.toMap(
                        source -> source.getString("uid").replace("caravan-", "") + ".json", Dashboards::of));
    }

    private static JsonObject of(JsonObject source) {
        JsonArray panels = new JsonArray();
        Sources.objects(source, "panels").forEach(panel -> panels.add(panel(panel, panels.size())));
        JsonArray variables = source.getBoolean("job", false) ? new JsonArray().add(modules()) : new JsonArray();
        return new JsonObject()
                .put("uid", source.getString("uid"))
                .put("title", source.getString("title"))
                .put("description", source.getString("description"))
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

    private static JsonObject panel(JsonObject source, int index) {
        JsonObject panel = new JsonObject()
                .put("id", index + 1)
                .put("title", source.getString("title"))
                .put("type", "timeseries")
                .put("datasource", PROMETHEUS)
                .put("gridPos", place(index))
                .put("fieldConfig", fields(source.getString("unit")))
                .put("options", options())
                .put("targets", targets(source));
        return source.containsKey("about") ? panel.put("description", source.getString("about")) : panel;
    }

    private static JsonArray targets(JsonObject source) {
        JsonArray targets = new JsonArray();
        source.getJsonObject("queries")
                .forEach(query -> targets.add(new JsonObject()
                        .put("refId", String.valueOf((char) ('A' + targets.size())))
                        .put("datasource", PROMETHEUS)
                        .put("expr", query.getValue())
                        .put("legendFormat", query.getKey())
                        .put("exemplar", source.getBoolean("exemplars", false))
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
        JsonObject custom =
                new JsonObject().put("lineWidth", 1).put("fillOpacity", 5).put("showPoints", "never");
        return new JsonObject()
                .put(
                        "defaults",
                        new JsonObject().put("unit", unit).put("min", 0).put("custom", custom))
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
}
