package caravan.gateway;

import caravan.fleet.Sockets;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;

/**
 * An inventory-service that says what a test tells it to say, path by path, and remembers who asked. Confined to the event loop
 * of its server; tests talk to it as {@link Inventory}, past the gateway.
 */
final class ScriptedInventory {

    private static final JsonObject USUAL = new JsonObject()
            .put("status", 200)
            .put("body", "{}")
            .put(
                    "headers",
                    new JsonObject()
                            .put("Cache-Control", "public, max-age=60, stale-while-revalidate=300")
                            .put("Content-Type", "application/json"));

    private final Map<String, JsonObject> scripts = new HashMap<>();
    private final Map<String, JsonArray> asked = new HashMap<>();
    private final Map<String, List<Runnable>> held = new HashMap<>();

    Future<?> listen(Vertx vertx, int port) {
        return vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> accept(request, body)))
                .listen(port, Sockets.HOST)
                .toCompletionStage()
                .toCompletableFuture();
    }

    private void accept(HttpServerRequest request, Buffer body) {
        String about = request.getParam("about");
        switch (request.path()) {
            case "/control/script" -> {
                scripts.put(about, body.toJsonObject());
                request.response().end();
            }
            case "/control/asked" ->
                request.response()
                        .end(asked.getOrDefault(about, new JsonArray()).toBuffer());
            case "/control/hold" -> {
                held.put(about, new ArrayList<>());
                request.response().end();
            }
            case "/control/release" -> {
                request.response().end();
                Objects.requireNonNull(held.remove(about), "nobody waits").forEach(Runnable::run);
            }
            default -> product(request);
        }
    }

    private void product(HttpServerRequest request) {
        String uri = request.uri();
        JsonObject headers = new JsonObject();
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
        asked.computeIfAbsent(uri, _ -> new JsonArray())
                .add(new JsonObject().put("method", request.method().name()).put("headers", headers));
        List<Runnable> waiting = held.get(uri);
        if (waiting == null) {
            answer(request);
        } else {
            waiting.add(() -> answer(request));
        }
    }

    private void answer(HttpServerRequest request) {
        JsonObject script = scripts.getOrDefault(request.uri(), USUAL);
        if (script.getBoolean("breaks", false)) {
            request.connection().close();
            return;
        }
        HttpServerResponse response = request.response();
        JsonObject headers = script.getJsonObject("headers", new JsonObject());
        headers.forEach(header -> response.putHeader(header.getKey(), String.valueOf(header.getValue())));
        String etag = headers.getString("ETag");
        if (etag != null && etag.equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
        } else {
            response.setStatusCode(script.getInteger("status")).end(script.getString("body"));
        }
    }
}
