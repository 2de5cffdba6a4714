package caravan.gateway.proxy;

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

/**
 * Asks the orchestrator how many sagas are open and how fast they end. More open ones than can end within the objective
 * mean that a new order would be late: better to say so at once. Unknown is open: the orchestrator being away stops no
 * order from being accepted.
 */
@Singleton
class OrchestratorLoad implements Admission {

    private static final Logger LOG = Logger.getLogger(OrchestratorLoad.class);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final ProxyConfig config;
    private final HttpClient client;
    private final RequestOptions question;
    private volatile Load load = Load.UNKNOWN;
    private long timer;

    OrchestratorLoad(Vertx vertx, ProxyConfig config, ProxyMetrics metrics) {
        this.vertx = vertx;
        this.config = config;
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
        metrics.watchAdmission(() -> open() ? 0 : 1);
    }

    @Override
    public boolean open() {
        return load.fits(config.admission());
    }

    @Override
    public Duration retryAfter() {
        Duration wait = load.untilItFits(config.admission());
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
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
                .onComplete(answer -> learn(answer.succeeded() ? answer.result() : Load.UNKNOWN));
    }

    private void learn(Load now) {
        boolean before = open();
        load = now;
        if (before != open()) {
            LOG.infof("orders are %s: %s", open() ? "admitted again" : "refused for a while", now);
        }
    }

    /** @param open sagas that have not ended */
    record Load(long open, double endedPerSecond) {

        static final Load UNKNOWN = new Load(0, 0);

        static Load of(JsonObject json) {
            return new Load(json.getLong("open", 0L), json.getDouble("endedPerSecond", 0.0));
        }

        boolean fits(ProxyConfig.AdmissionRules rules) {
            return open <= most(rules);
        }

        Duration untilItFits(ProxyConfig.AdmissionRules rules) {
            double surplus = open - most(rules);
            double seconds = endedPerSecond > 0 ? surplus / endedPerSecond : LONGEST.toSeconds();
            return Duration.ofMillis((long) (Math.clamp(seconds, 1.0, (double) LONGEST.toSeconds()) * 1000));
        }

        private double most(ProxyConfig.AdmissionRules rules) {
            return Math.max(rules.floor(), endedPerSecond * rules.within().toMillis() / 1000.0);
        }
    }
}
