package caravan.inventory;

import io.restassured.RestAssured;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Many who ask at once, over some hundred connections. */
final class Crowd implements AutoCloseable {

    private static final int CONNECTIONS = 300;

    record Heard(int status, Map<String, String> headers, Buffer body) {

        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), "");
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;

    Crowd() {
        client = vertx.createHttpClient(new HttpClientOptions()
                .setDefaultHost("localhost")
                .setDefaultPort(RestAssured.port)
                .setMaxPoolSize(CONNECTIONS));
    }

    List<Future<Heard>> get(int times, String path) {
        List<Future<Heard>> asked = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            asked.add(get(path));
        }
        return asked;
    }

    Future<Heard> get(String path) {
        return client.request(HttpMethod.GET, path)
                .compose(request -> request.send().compose(Crowd::heard));
    }

    private static Future<Heard> heard(HttpClientResponse answer) {
        Map<String, String> headers = new java.util.HashMap<>();
        answer.headers().forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
        return answer.body().map(body -> new Heard(answer.statusCode(), headers, body));
    }

    static List<Heard> all(List<Future<Heard>> asked) {
        Future.join(asked)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        return asked.stream().map(Future::result).toList();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
