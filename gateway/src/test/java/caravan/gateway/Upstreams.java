package caravan.gateway;

import caravan.fleet.Sockets;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Small servers where the services would be: they say what they got. Nobody listens where the inventory should be. */
public final class Upstreams implements QuarkusTestResourceLifecycleManager {

    private final Vertx vertx = Vertx.vertx();

    @Override
    public Map<String, String> start() {
        List<Integer> ports = Sockets.free(3);
        listen("order", ports.get(0));
        listen("saga", ports.get(1));
        return Map.of(
                "caravan.gateway.orders-url", url(ports.get(0)),
                "caravan.gateway.sagas-url", url(ports.get(1)),
                "caravan.gateway.inventory-url", url(ports.get(2)),
                "caravan.gateway.answer-timeout", "1s");
    }

    @Override
    public void stop() {
        await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    private void listen(String name, int port) {
        await(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> answer(name, request, body)))
                .listen(port, Sockets.HOST)
                .toCompletionStage()
                .toCompletableFuture());
    }

    private static void answer(String name, HttpServerRequest request, Buffer body) {
        String last = request.path().substring(request.path().lastIndexOf('/') + 1);
        switch (last) {
            case "silent" -> {}
            case "broken" -> request.connection().close();
            case "html" -> request.response().setStatusCode(500).end("<html>at java.lang.Thread</html>");
            case "unchanged" ->
                request.response().setStatusCode(304).putHeader("ETag", "\"7\"").end();
            case "problem" ->
                request.response()
                        .setStatusCode(422)
                        .putHeader("Content-Type", "application/problem+json")
                        .end("{\"code\":\"unknown-sku\"}");
            case "large" -> request.response().end(Buffer.buffer(new byte[1 << 20]));
            default ->
                request.response().putHeader(HeaderRules.REQUEST_ID, "its-own").end(echo(name, request, body));
        }
    }

    private static Buffer echo(String name, HttpServerRequest request, Buffer body) {
        JsonObject headers = new JsonObject();
        request.headers()
                .names()
                .forEach(header -> headers.put(
                        header.toLowerCase(java.util.Locale.ROOT),
                        String.join("|", request.headers().getAll(header))));
        return new JsonObject()
                .put("service", name)
                .put("method", request.method().name())
                .put("uri", request.uri())
                .put("headers", headers)
                .put("body", body.toString())
                .toBuffer();
    }

    private static String url(int port) {
        return "http://" + Sockets.HOST + ":" + port;
    }

    private static void await(java.util.concurrent.Future<?> future) {
        try {
            future.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
