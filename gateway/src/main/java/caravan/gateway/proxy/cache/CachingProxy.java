package caravan.gateway.proxy.cache;

import caravan.common.http.ProblemType;
import caravan.gateway.proxy.Caching;
import caravan.gateway.proxy.Fallback;
import caravan.gateway.proxy.Fault;
import caravan.gateway.proxy.Fetched;
import caravan.gateway.proxy.Proxy;
import caravan.gateway.proxy.Refusal;
import caravan.gateway.proxy.Route;
import caravan.gateway.proxy.RouteTable;
import caravan.gateway.proxy.cache.CacheMetrics.Refresh;
import caravan.gateway.proxy.cache.Flights.Flight;
import caravan.gateway.proxy.cache.Flights.Passenger;
import caravan.gateway.proxy.cache.Questions.Errand;
import com.github.benmanes.caffeine.cache.Ticker;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers from memory what may be answered from memory, and has {@link Proxy} answer the rest. */
@Singleton
public class CachingProxy {

    /** Nobody waits for what has had its time; hits on it are told to the service a few seconds later. */
    private static final long TIDY_EVERY_MS = 5_000;

    /** An answer that comes with most of its life behind it is not asked for anew with every hit. */
    private static final long REFRESH_AT_MOST_EVERY_MS = 1_000;

    private final Vertx vertx;
    private final Proxy proxy;
    private final CacheConfig config;
    private final CacheMetrics metrics;
    private final Memory memory;
    private final Flights flights;
    private final Questions questions;
    private final Editions editions = new Editions();
    private long timer;

    CachingProxy(Vertx vertx, Proxy proxy, RouteTable routes, CacheConfig config, CacheMetrics metrics, Ticker clock) {
        this.vertx = vertx;
        this.proxy = proxy;
        this.config = config;
        this.metrics = metrics;
        HitReports reports = new HitReports(vertx, proxy, routes, metrics);
        this.memory = new Memory(config.mostBytes().asLongValue(), clock, reports::add);
        this.flights = new Flights(config.waiting());
        this.questions = new Questions(proxy, memory, config, metrics);
        metrics.watch(memory, flights);
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(TIDY_EVERY_MS, _ -> memory.tidy());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** Answers the request, sooner or later. On its event loop; nobody may have read its body. */
    public void pass(RoutingContext context, Route route) {
        if (!config.enabled()) {
            proxy.pass(context, route);
            return;
        }
        switch (route.traits().caching()) {
            case Caching.None _ -> proxy.pass(context, route);
            case Caching.Edits edits -> edit(context, route, edits);
            case Caching.One _, Caching.Many _ ->
                Visit.of(context, route, editions)
                        .ifPresentOrElse(visit -> serve(visit, visit.key()), () -> pastUs(context, route));
        }
    }

    /** RFC 9111, section 4.4. Before the client hears of its edit, and also when nobody knows what came of it. */
    private void edit(RoutingContext context, Route route, Caching.Edits edits) {
        proxy.pass(context, route, status -> {
            if (status < 400 || status >= 500) {
                editions.edited(context.normalizedPath(), edits.lists());
            }
        });
    }

    private void pastUs(RoutingContext context, Route route) {
        metrics.count(Result.BYPASS);
        Reply.mark(context.response(), Result.BYPASS);
        proxy.pass(context, route);
    }

    private void pastUs(Visit visit) {
        pastUs(visit.context(), visit.route());
    }

    private void serve(Visit visit, Key key) {
        switch (memory.find(key)) {
            case null -> ask(visit, key);
            case Slot.Split _ -> serve(visit, key.in(visit.coding()));
            case Slot.Open _ -> pastUs(visit);
            case Slot.Held held -> held(visit, key, held);
        }
    }

    private void held(Visit visit, Key key, Slot.Held held) {
        if (!visit.isSuitedBy(held.answer())) {
            pastUs(visit);
        } else if (visit.wish().takes(held.answer(), memory.nowMs())) {
            refreshEarly(visit, key, held);
            answer(visit, held, held.answer(), Result.HIT);
        } else {
            ask(visit, key);
        }
    }

    /** @param held what counts it, unless the service does: it was asked on this one's behalf */
    private void answer(Visit visit, Slot.@Nullable Held held, Answer answer, Result result) {
        metrics.count(result);
        if (held != null && visit.isLook()) {
            held.usage().hit();
        }
        Reply.answer(visit, answer, memory.nowMs(), result);
    }

    private void refreshEarly(Visit visit, Key key, Slot.Held held) {
        long now = memory.nowMs();
        Answer answer = held.answer();
        boolean isLate =
                answer.ageMs(now) >= config.refreshFrom() * answer.lifetime().freshMs();
        if (isLate
                && held.usage().hits() >= config.refreshHits()
                && !held.usage().isResting(now)) {
            held.usage().rest(now + REFRESH_AT_MOST_EVERY_MS);
            flights.boardNobody(key, now, begin(visit, false, outcome -> metrics.count(refresh(outcome))));
        }
    }

    private static Refresh refresh(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Shared shared -> shared.confirmed() ? Refresh.UNCHANGED : Refresh.CHANGED;
            case Outcome.Unshared _ -> Refresh.FAILED;
        };
    }

    private void ask(Visit visit, Key key) {
        if (visit.wish().onlyFromMemory()) {
            metrics.count(Result.MISS);
            Refusal.send(visit.context(), ProblemType.GATEWAY_TIMEOUT, "there is no copy as fresh as that");
            return;
        }
        Context home = vertx.getOrCreateContext();
        Passenger passenger = (outcome, first) -> home.runOnContext(_ -> landed(visit, key, first, outcome));
        boolean keeping = !visit.wish().unseen();
        long now = memory.nowMs();
        if (visit.token() != null) {
            Errand errand = new Errand(visit, key, now, visit.isLook());
            questions.ask(errand, () -> keeping, outcome -> passenger.landed(outcome, true));
        } else if (!flights.board(
                key, visit.wish().isForNow(), keeping, passenger, now, begin(visit, visit.isLook(), _ -> {}))) {
            Fault full = new Fault(Fault.Kind.FULL, "too many wait for answers");
            failed(visit, key, true, full);
        }
    }

    /** The flight goes on by itself: only its event loop and its request's id are the visit's. */
    private Consumer<Flight> begin(Visit visit, boolean look, Consumer<Outcome> witness) {
        Context home = vertx.getOrCreateContext();
        return flight -> home.runOnContext(_ -> questions.ask(
                new Errand(visit, flight.key(), flight.createdAtMs(), look), flight::isKeeping, outcome -> {
                    witness.accept(outcome);
                    flights.land(flight, outcome);
                }));
    }

    private void landed(Visit visit, Key key, boolean first, Outcome outcome) {
        if (visit.isGone()) {
            return;
        }
        try {
            switch (outcome) {
                case Outcome.Shared shared -> shared(visit, key, first, shared);
                case Outcome.Unshared(Fetched.Whole whole) when first -> alone(visit, whole, Result.MISS);
                case Outcome.Unshared(Fetched.Whole _), Outcome.Unshared(Fetched.TooLong _) -> pastUs(visit);
                case Outcome.Unshared(Fetched.Trouble trouble) -> trouble(visit, key, first, trouble);
                case Outcome.Unshared(Fetched.Failed(Fault fault)) -> failed(visit, key, first, fault);
            }
        } catch (RuntimeException e) {
            visit.context().fail(e);
        }
    }

    private void shared(Visit visit, Key key, boolean first, Outcome.Shared shared) {
        Answer answer = shared.answer();
        if (answer.vary().byCoding() && shared.coding() != visit.coding()) {
            serve(visit, key.in(visit.coding()));
        } else if (!visit.isSuitedBy(answer)) {
            pastUs(visit);
        } else if (first) {
            Result asked = shared.confirmed() ? Result.REVALIDATED : Result.MISS;
            answer(visit, null, answer, visit.token() == null ? asked : Result.BYPASS);
        } else {
            Key kept = answer.vary().byCoding() ? key.in(visit.coding()) : key;
            answer(visit, memory.held(kept), answer, Result.COLLAPSED);
        }
    }

    private void alone(Visit visit, Fetched.Said said, Result result) {
        metrics.count(result);
        Reply.alone(visit, said, result);
    }

    private void trouble(Visit visit, Key key, boolean first, Fetched.Trouble trouble) {
        if (trouble.status() < 500 || !standIn(visit, key)) {
            alone(visit, trouble, first ? Result.MISS : Result.COLLAPSED);
        }
    }

    private void failed(Visit visit, Key key, boolean first, Fault fault) {
        if (!standIn(visit, key)) {
            metrics.count(first ? Result.MISS : Result.COLLAPSED);
            proxy.refuse(visit.context(), visit.route(), fault);
        }
    }

    /** The named fallback: a copy beyond its time, with its true age, rather than a problem. */
    private boolean standIn(Visit visit, Key key) {
        Slot.Held held = memory.held(key);
        if (held == null
                || visit.route().fallback() != Fallback.SHOW_WHAT_YOU_HAVE
                || !visit.isSuitedBy(held.answer())
                || !visit.wish().putsUpWith(held.answer(), memory.nowMs())) {
            return false;
        }
        answer(visit, held, held.answer(), Result.STALE);
        return true;
    }
}
