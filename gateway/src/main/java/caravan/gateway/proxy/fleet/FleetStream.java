package caravan.gateway.proxy.fleet;

import caravan.common.http.ProblemType;
import caravan.gateway.proxy.Caller;
import caravan.gateway.proxy.Refusal;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The fleet as server-sent events: {@code fleet}, a whole look every two seconds, and {@code sagas}, which ones have moved. One look
 * is for all viewers, asked in the name of one of them, and none while nobody watches.
 */
@Singleton
class FleetStream {

    private static final Logger LOG = Logger.getLogger(FleetStream.class);
    private static final String HEARTBEAT = ":\n\n";
    private static final Duration FULL = Duration.ofSeconds(10);

    /** A move that was under way when we looked is committed a moment later, with a time before the look. */
    private static final Duration COMMIT = Duration.ofSeconds(5);

    private final List<Viewer> viewers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final FleetReport report;
    private final FleetConfig config;
    private final Vertx vertx;
    private final InstantSource clock;
    private volatile @Nullable JsonObject last;
    private volatile Set<String> told = Set.of();
    private volatile boolean closing;
    private long timer;

    FleetStream(FleetReport report, FleetConfig config, Vertx vertx, InstantSource clock) {
        this.report = report;
        this.config = config;
        this.vertx = vertx;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(config.every().toMillis(), _ -> tick());
    }

    /** Before the server counts the seconds for requests that are still open: viewers are let go, not waited for. */
    void close(@Observes ShutdownDelayInitiatedEvent event) {
        closing = true;
        viewers.forEach(Viewer::end);
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** On the request's event loop. */
    void watch(RoutingContext context) {
        if (context.response().closed()) {
            // Its end has been, and nobody would be told of it again.
            return;
        }
        if (closing || viewers.size() >= config.viewers()) {
            Refusal.send(context, ProblemType.TEMPORARY_REDUCED_CAPACITY, "so many watch already", FULL);
            return;
        }
        Viewer viewer = new Viewer(context.response(), vertx.getOrCreateContext(), Caller.of(context));
        viewers.add(viewer);
        context.addEndHandler(_ -> viewers.remove(viewer));
        viewer.open();
        // A look of long ago says nothing: nobody watched since.
        JsonObject known = viewers.size() > 1 ? last : null;
        if (known == null) {
            look();
        } else {
            viewer.tell(frame("fleet", known));
        }
    }

    private void tick() {
        Instant now = clock.instant();
        // Of one that we have reset ourselves HTTP/1.1 tells no end.
        viewers.removeIf(Viewer::isGone);
        viewers.stream().filter(viewer -> viewer.isOver(now)).forEach(Viewer::end);
        if (viewers.isEmpty()) {
            last = null;
            told = Set.of();
        } else if (!look()) {
            tell(HEARTBEAT);
        }
    }

    /** One at a time; false while the last one is not over. */
    private boolean look() {
        Optional<Viewer> newest = viewers.stream().reduce((_, later) -> later);
        if (newest.isEmpty() || !looking.compareAndSet(false, true)) {
            return false;
        }
        String bearer = newest.get().bearer();
        // A defect in a look is a failed look: the next one goes on.
        Future.succeededFuture().compose(_ -> report.look(bearer, since(last))).onComplete(seen -> {
            looking.set(false);
            if (seen.succeeded()) {
                tell(frames(seen.result()));
            } else {
                LOG.error("a look at the fleet failed", seen.cause());
            }
        });
        return true;
    }

    private static @Nullable String since(@Nullable JsonObject look) {
        return look == null
                ? null
                : Instant.parse(look.getString("at")).minus(COMMIT).toString();
    }

    private String frames(JsonObject seen) {
        Object changes = seen.remove("changes");
        last = seen;
        String fleet = frame("fleet", seen);
        return changes instanceof JsonObject moved ? fleet + sagas(moved) : fleet;
    }

    /** Those that the look before this one has not told. */
    private String sagas(JsonObject moved) {
        Set<String> seen = new HashSet<>();
        JsonArray items = new JsonArray();
        for (Object each : moved.getJsonArray("items", new JsonArray())) {
            JsonObject saga = (JsonObject) each;
            String move = saga.getString("id") + ":" + saga.getInteger("version");
            seen.add(move);
            if (!told.contains(move)) {
                items.add(saga);
            }
        }
        told = seen;
        boolean more = moved.getBoolean("more", false);
        return items.isEmpty() && !more
                ? ""
                : frame("sagas", new JsonObject().put("items", items).put("more", more));
    }

    private void tell(String frames) {
        viewers.forEach(viewer -> viewer.tell(frames));
    }

    /** The JSON is one line. */
    private static String frame(String event, JsonObject data) {
        return "event: " + event + "\ndata: " + data.encode() + "\n\n";
    }
}
