package caravan.gateway.proxy;

import caravan.gateway.proxy.AdmissionWindow.Load;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Asks the orchestrator how many sagas are open and how fast they end. More open ones than can end within the objective
 * mean that a new order would be late: better to say so at once. Unknown is open: the orchestrator being away stops no
 * order from being accepted.
 */
@Singleton
class OrchestratorLoad implements Admission {

    private static final Logger LOG = Logger.getLogger(OrchestratorLoad.class);

    private final Vertx vertx;
    private final ProxyConfig config;
    private final HttpClient client;
    private final RequestOptions question;
    private final AdmissionWindow window;
    private long timer;
    private boolean wasFull;

    OrchestratorLoad(Vertx vertx, ProxyConfig config, ProxyMetrics metrics) {
        this.vertx = vertx;
        this.config = config;
        this.window = new AdmissionWindow(config.admission());
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setName("orchestrator-load")
                .setMaxPoolSize(1)
                .setMaxWaitQueueSize(1)
                .setTracingPolicy(TracingPolicy.IGNORE));
        URI url = config.sagasUrl().resolve("/internal/load");
        this.question = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url.toString())
                .setTimeout(config.admission().pollEvery().toMillis());
        metrics.watchAdmission(() -> full() ? 1 : 0);
    }

    @Override
    public boolean admit() {
        return window.admit(System.nanoTime());
    }

    @Override
    public boolean full() {
        return window.full(System.nanoTime());
    }

    @Override
    public Duration retryAfter() {
        return window.untilItFits(System.nanoTime());
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(config.admission().pollEvery().toMillis(), _ -> ask());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
        client.close();
    }

    private void ask() {
        client.request(new RequestOptions(question))
                .compose(request -> request.send().compose(HttpClientResponse::body))
                .map(body -> Load.of(new JsonObject(body)))
                .onComplete(answer -> learn(answer.result()));
    }

    private void learn(@Nullable Load now) {
        if (now == null) {
            window.learnNothing(System.nanoTime());
        } else {
            window.learn(now, System.nanoTime());
        }
        boolean before = wasFull;
        wasFull = full();
        if (before != wasFull) {
            LOG.infof("orders are %s: %s", wasFull ? "admitted as others end" : "all admitted again", now);
        }
    }
}
