package caravan.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the {@link ScriptedInventory} says to one path, as tests tell it. */
record Inventory(String path) {

    static final String FOR_ALL = "public, max-age=60, stale-while-revalidate=300";

    /** One request that it got. */
    record Asked(String method, Map<String, Object> headers) {}

    /** For everybody, for a minute. */
    Inventory says(String body, String... headers) {
        return answers(200, body, with(headers, "Cache-Control", FOR_ALL));
    }

    Inventory answers(int status, String body, String... headers) {
        JsonObject all = new JsonObject().put("Content-Type", "application/json");
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return script(new JsonObject().put("status", status).put("body", body).put("headers", all));
    }

    Inventory hasTrouble(int status, String code, String... headers) {
        String problem = new JsonObject()
                .put("code", code)
                .put("detail", "it says")
                .put("requestId", "its-own")
                .encode();
        return answers(status, problem, with(headers, "Content-Type", "application/problem+json"));
    }

    /** Hangs up on everybody. */
    Inventory breaks() {
        return script(new JsonObject().put("breaks", true));
    }

    /** Answers nobody until {@link #goesOn}. */
    Inventory stops() {
        control("/control/hold", "");
        return this;
    }

    void goesOn() {
        control("/control/release", "");
    }

    List<Asked> asked() {
        JsonArray all = new JsonArray(control("/control/asked", ""));
        return IntStream.range(0, all.size())
                .mapToObj(all::getJsonObject)
                .map(one -> new Asked(
                        one.getString("method"), one.getJsonObject("headers").getMap()))
                .toList();
    }

    private Inventory script(JsonObject script) {
        control("/control/script", script.encode());
        return this;
    }

    private static String[] with(String[] headers, String name, String value) {
        String[] all = new String[headers.length + 2];
        all[0] = name;
        all[1] = value;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return all;
    }

    private String control(String verb, String body) {
        URI uri = URI.create(ConfigProvider.getConfig().getValue("caravan.gateway.inventory-url", String.class) + verb
                + "?about=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .POST(BodyPublishers.ofString(body))
                    .build();
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
