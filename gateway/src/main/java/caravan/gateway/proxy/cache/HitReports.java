package caravan.gateway.proxy.cache;

import caravan.gateway.proxy.Caching;
import caravan.gateway.proxy.Fetched;
import caravan.gateway.proxy.Match;
import caravan.gateway.proxy.Proxy;
import caravan.gateway.proxy.Question;
import caravan.gateway.proxy.Route;
import caravan.gateway.proxy.RouteTable;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Tells the service of hits on answers that are forgotten, so that it hears of them although nobody asks for them again. One at
 * a time: nobody waits for it. State is confined to one event loop.
 */
final class HitReports {

    /** In a flood of answers that push each other out it is better to lose a few hits than to add as many requests. */
    private static final int MOST = 1000;

    private record Report(Route route, String uri, long hits) {}

    private final Proxy proxy;
    private final RouteTable routes;
    private final CacheMetrics metrics;
    private final Context home;
    private final Queue<Report> waiting = new ArrayDeque<>();
    private boolean busy;

    HitReports(Vertx vertx, Proxy proxy, RouteTable routes, CacheMetrics metrics) {
        this.proxy = proxy;
        this.routes = routes;
        this.metrics = metrics;
        this.home = vertx.getOrCreateContext();
    }

    /** Any thread. Only looks at one thing are counted by the service. */
    void add(Key key, long hits) {
        if (routes.match(HttpMethod.HEAD, key.path()) instanceof Match.Found(Route route)
                && route.traits().caching() instanceof Caching.One) {
            home.runOnContext(_ -> enqueue(new Report(route, key.uri(), hits)));
        }
    }

    private void enqueue(Report report) {
        if (waiting.size() >= MOST) {
            metrics.lost(report.hits());
        } else {
            waiting.add(report);
            next();
        }
    }

    private void next() {
        if (busy || waiting.isEmpty()) {
            return;
        }
        busy = true;
        Report report = waiting.remove();
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(Questions.METER, "count=" + report.hits());
        Question question =
                new Question(report.route(), HttpMethod.HEAD, report.uri(), headers, 0, proxy.patience(report.route()));
        proxy.fetch(question, fetched -> told(report, fetched));
    }

    private void told(Report report, Fetched fetched) {
        if (fetched instanceof Fetched.Failed) {
            metrics.lost(report.hits());
        } else {
            metrics.told(report.hits());
        }
        busy = false;
        next();
    }
}
