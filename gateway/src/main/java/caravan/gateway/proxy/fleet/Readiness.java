package caravan.gateway.proxy.fleet;

import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks each service whether it is ready. One that is away, or too slow to say, is an answer like the others. */
@Singleton
class Readiness {

    /** What a service says of itself. {@code failing}: the checks that do not pass. */
    record Said(String service, State state, List<String> failing) {}

    enum State {
        READY,
        NOT_READY,
        UNREACHABLE
    }

    private static final int OK = 200;

    private final HttpClient client;
    private final FleetConfig config;

    Readiness(Vertx vertx, FleetConfig config) {
        this.config = config;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setName("readiness")
                // One question at a time of each service, and another while the last one waits for its timeout.
                .setMaxPoolSize(2)
                .setMaxWaitQueueSize(2)
                .setConnectTimeout((int) config.readyWithin().toMillis())
                .setTracingPolicy(TracingPolicy.IGNORE));
    }

    void close(@Observes ShutdownEvent event) {
        client.close();
    }

    Future<List<Said>> ask() {
        List<Future<Said>> answers = new ArrayList<>();
        for (Map.Entry<String, URI> each : config.ready().byService().entrySet()) {
            answers.add(ask(each.getKey(), each.getValue()));
        }
        return Future.all(answers).map(all -> all.<Said>list());
    }

    private Future<Said> ask(String service, URI url) {
        RequestOptions question = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url.toString())
                .setTimeout(config.readyWithin().toMillis());
        return client.request(question)
                .compose(request -> request.send().compose(head -> head.body().map(body -> said(service, head, body))))
                .otherwise(new Said(service, State.UNREACHABLE, List.of()));
    }

    private static Said said(String service, HttpClientResponse head, Buffer body) {
        return head.statusCode() == OK
                ? new Said(service, State.READY, List.of())
                : new Said(service, State.NOT_READY, failing(body));
    }

    /** As MicroProfile Health has it: {@code {"checks": [{"name", "status"}]}}. */
    static List<String> failing(Buffer body) {
        List<String> names = new ArrayList<>();
        try {
            JsonArray checks = new JsonObject(body).getJsonArray("checks", new JsonArray());
            for (int i = 0; i < checks.size(); i++) {
                JsonObject check = checks.getJsonObject(i);
                if (!"UP".equals(check.getString("status"))) {
                    names.add(check.getString("name", "unnamed"));
                }
            }
        } catch (DecodeException | ClassCastException _) {
            // It does not say.
        }
        return names;
    }
}
