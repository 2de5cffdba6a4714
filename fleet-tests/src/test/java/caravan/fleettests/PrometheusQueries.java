package caravan.fleettests;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

/** What the Prometheus of {@link TheFleet} knows now. */
final class PrometheusQueries {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private PrometheusQueries() {}

    /** The series of a query that have a number. */
    static long series(String expr) {
        return get("query?query=" + URLEncoder.encode(expr, StandardCharsets.UTF_8))
                .getJsonObject("data")
                .getJsonArray("result")
                .stream()
                .map(JsonObject.class::cast)
                .filter(result -> !"NaN".equals(value(result)))
                .count();
    }

    /** Every name that was ever scraped or recorded. */
    static Set<String> names() {
        JsonArray names = get("label/__name__/values").getJsonArray("data");
        return names.stream().map(Object::toString).collect(Collectors.toSet());
    }

    private static String value(JsonObject result) {
        return result.getJsonArray("value").getString(1);
    }

    private static JsonObject get(String path) {
        URI address = URI.create(TheFleet.get().address("prometheus") + "/api/v1/" + path);
        HttpResponse<String> answer =
                Shop.sendOnce(HttpRequest.newBuilder(address).timeout(BOUND).build());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        return new JsonObject(answer.body());
    }
}
