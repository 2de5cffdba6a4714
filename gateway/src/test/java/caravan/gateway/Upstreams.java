package caravan.gateway;

import caravan.fleet.Sockets;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Small servers where the services would be: they say what they got, or misbehave as the id in the path asks for. Nobody
 * listens where the inventory should be, unless the argument {@code inventory} is {@code answers}, or {@code scripted}: then
 * it is a {@link ScriptedInventory}.
 */
public final class Upstreams implements QuarkusTestResourceLifecycleManager {

    /** A page of this origin may call the gateway. */
    static final String SHOP = "https://shop.example";

    private final Vertx vertx = Vertx.vertx();
    private final Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
    private final Map<String, HttpServerResponse> streams = new ConcurrentHashMap<>();
    private final Set<String> closed = ConcurrentHashMap.newKeySet();
    private volatile String load = "{\"open\":0,\"endedPerSecond\":0}";
    private volatile String fleet = "{}";
    private volatile String fleetAskedBy = "";
    private String inventory = "away";
    private String deadline = "1s";

    @Override
    public void init(Map<String, String> arguments) {
        inventory = arguments.getOrDefault("inventory", inventory);
        deadline = arguments.getOrDefault("deadline", deadline);
    }

    @Override
    public Map<String, String> start() {
        List<Integer> ports = Sockets.free(3);
        listen("order", ports.get(0));
        listen("saga", ports.get(1));
        switch (inventory) {
            case "answers" -> listen("inventory", ports.get(2));
            case "scripted" -> await(new ScriptedInventory().listen(vertx, ports.get(2)));
            default -> {}
        }
        Map<String, String> config = new HashMap<>(accounts());
        config.putAll(Map.of(
                "caravan.gateway.orders-url",
                url(ports.get(0)),
                "caravan.gateway.sagas-url",
                url(ports.get(1)),
                "caravan.gateway.inventory-url",
                url(ports.get(2)),
                "caravan.gateway.cors-origins",
                SHOP,
                "caravan.gateway.admission.poll-every",
                "100ms",
                "caravan.gateway.deadline",
                deadline));
        config.putAll(readiness(ports));
        return config;
    }

    /** One is ready, one is not and says why; where the others should be nobody listens. */
    private static Map<String, String> readiness(List<Integer> ports) {
        String nowhere = "http://" + Sockets.HOST + ":1/";
        Map<String, String> config = new HashMap<>();
        for (String service : List.of("inventory", "payments", "shipments", "notifications")) {
            config.put("caravan.gateway.fleet.ready." + service, nowhere);
        }
        config.put("caravan.gateway.fleet.ready.orders", url(ports.get(0)) + "/control/ready");
        config.put("caravan.gateway.fleet.ready.sagas", url(ports.get(1)) + "/control/not-ready");
        return config;
    }

    private static Map<String, String> accounts() {
        Map<String, String> config = new HashMap<>();
        for (Somebody somebody : Somebody.values()) {
            String key = "caravan.gateway.bootstrap." + somebody.name().toLowerCase(Locale.ROOT);
            config.put(key + ".email", somebody.email());
            config.put(key + ".password", Somebody.PASSWORD);
            config.put(key + ".name", "Somebody");
        }
        return config;
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

    private void answer(String name, HttpServerRequest request, Buffer body) {
        String[] segments = request.path().split("/", -1);
        String id = segments.length > 4 ? segments[4] : "";
        switch (id.replaceAll("-.*", "")) {
            case "silent" -> {}
            case "broken" -> request.connection().close();
            case "flaky" -> flaky(id, name, request, body);
            case "html" -> request.response().setStatusCode(500).end("<html>at java.lang.Thread</html>");
            case "cut" -> cut(request);
            case "nothing" -> request.response().setStatusCode(204).end();
            case "unchanged" ->
                request.response().setStatusCode(304).putHeader("ETag", "\"7\"").end();
            case "problem" ->
                request.response()
                        .setStatusCode(422)
                        .putHeader("Content-Type", "application/problem+json")
                        .end("{\"code\":\"unknown-sku\"}");
            case "large" -> request.response().end(Buffer.buffer(new byte[1 << 20]));
            case "stream" -> stream(id, request);
            default -> control(name, request, body);
        }
    }

    /** What tests ask the server itself, past the gateway. */
    private void control(String name, HttpServerRequest request, Buffer body) {
        switch (request.path()) {
            case "/internal/load" -> request.response().end(load);
            case "/control/load" -> {
                load = body.toString();
                request.response().end();
            }
            case "/api/v1/ops/fleet" -> {
                fleetAskedBy = String.valueOf(request.getHeader("Authorization"));
                request.response().putHeader("Content-Type", "application/json").end(fleet);
            }
            case "/control/fleet" -> {
                fleet = body.toString();
                request.response().end();
            }
            case "/control/fleet-asked-by" -> request.response().end(fleetAskedBy);
            case "/control/ready" -> request.response().end("{\"status\":\"UP\",\"checks\":[]}");
            case "/control/not-ready" ->
                request.response()
                        .setStatusCode(503)
                        .end(
                                "{\"checks\":[{\"name\":\"database\",\"status\":\"DOWN\"},{\"name\":\"rest\",\"status\":\"UP\"}]}");
            case "/control/event" ->
                Objects.requireNonNull(streams.get(request.getParam("id")), "nobody listens")
                        .write(body)
                        .onComplete(_ -> request.response().end());
            case "/control/closed" -> request.response().end(String.valueOf(closed.contains(request.getParam("id"))));
            default -> request.response().putHeader("X-Request-Id", "its-own").end(echo(name, request, body));
        }
    }

    /** Breaks the connection as often as the second part of the id says; then answers how often it was asked. */
    private void flaky(String id, String name, HttpServerRequest request, Buffer body) {
        int asked = tries.computeIfAbsent(id, _ -> new AtomicInteger()).incrementAndGet();
        if (asked <= Integer.parseInt(id.split("-", -1)[1])) {
            request.connection().close();
        } else {
            request.response().putHeader("X-Tries", String.valueOf(asked)).end(echo(name, request, body));
        }
    }

    private static void cut(HttpServerRequest request) {
        if (request.path().contains("cut-small")) {
            request.response().putHeader("Content-Length", "10");
        } else {
            request.response().setChunked(true);
        }
        request.response().write("12345").onComplete(_ -> request.connection().close());
    }

    private void stream(String id, HttpServerRequest request) {
        HttpServerResponse response = request.response()
                .putHeader("Content-Type", "text/event-stream")
                .setChunked(true);
        streams.put(id, response);
        response.closeHandler(_ -> closed.add(id));
        response.write(": open\n\n");
    }

    private static Buffer echo(String name, HttpServerRequest request, Buffer body) {
        JsonObject headers = new JsonObject();
        request.headers()
                .names()
                .forEach(header -> headers.put(
                        header.toLowerCase(Locale.ROOT),
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
