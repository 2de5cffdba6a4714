package caravan.gateway.proxy.cache;

import caravan.gateway.proxy.Caching;
import caravan.gateway.proxy.Fault;
import caravan.gateway.proxy.Fetched;
import caravan.gateway.proxy.Proxy;
import caravan.gateway.proxy.Question;
import caravan.gateway.proxy.Route;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks the service, tells it of hits in passing (RFC 2227), and remembers what it says. */
final class Questions {

    static final String METER = "Meter";

    private static final Logger LOG = Logger.getLogger(Questions.class);

    private final Proxy proxy;
    private final Memory memory;
    private final CacheConfig config;
    private final CacheMetrics metrics;

    /**
     * What is to be found out.
     *
     * @param visit on whose behalf; its client may be gone
     * @param sinceMs somebody waits since then
     * @param look the service counts a question as a look, and it is one
     */
    record Errand(Visit visit, Key key, long sinceMs, boolean look) {}

    /** What was known when the question was asked. */
    private record Asked(Errand errand, Slot.@Nullable Held held, long untold, long atMs) {

        Key key() {
            return errand.key();
        }

        Visit visit() {
            return errand.visit();
        }

        /** What the service does not count by itself. */
        long toTell() {
            return errand.look() ? untold : untold - 1;
        }
    }

    Questions(Proxy proxy, Memory memory, CacheConfig config, CacheMetrics metrics) {
        this.proxy = proxy;
        this.memory = memory;
        this.config = config;
        this.metrics = metrics;
    }

    /**
     * On an event loop; {@code then} is called there, once, whatever happens.
     *
     * @param keeping whether the answer may be kept, asked when it is there
     */
    void ask(Errand errand, BooleanSupplier keeping, Consumer<Outcome> then) {
        ask(errand, memory.held(errand.key()), keeping, then);
    }

    private void ask(Errand errand, Slot.@Nullable Held held, BooleanSupplier keeping, Consumer<Outcome> then) {
        Asked asked = new Asked(errand, held, held == null ? 0 : held.usage().take(), memory.nowMs());
        try {
            proxy.fetch(question(asked), fetched -> {
                tell(asked, fetched);
                if (isAboutAnother(fetched, held)) {
                    memory.forget(errand.key());
                    ask(errand, null, keeping, then);
                } else {
                    then.accept(learn(asked, fetched, keeping.getAsBoolean()));
                }
            });
        } catch (RuntimeException e) {
            then.accept(defect(errand.key(), e));
        }
    }

    private Question question(Asked asked) {
        Route route = asked.visit().route();
        return new Question(
                route,
                HttpMethod.GET,
                asked.key().uri(),
                headers(asked),
                Math.toIntExact(config.mostBody().asLongValue()),
                proxy.patience(route).minusMillis(asked.atMs() - asked.errand().sinceMs()));
    }

    /** All that the service sees: what does not come from the key is the same for everybody, or leaves no trace in an answer. */
    private static MultiMap headers(Asked asked) {
        Visit visit = asked.visit();
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .set(HttpHeaders.ACCEPT, "application/json")
                .set(HttpHeaders.ACCEPT_ENCODING, visit.coding().token())
                .set("X-Request-Id", visit.headers().get("X-Request-Id"));
        String etag = asked.held() == null ? null : asked.held().answer().etag();
        if (etag != null) {
            headers.set(HttpHeaders.IF_NONE_MATCH, etag);
        }
        if (asked.toTell() > 0 && isCounted(visit)) {
            headers.set(METER, "count=" + asked.toTell());
        }
        if (visit.token() != null) {
            headers.set(Visit.TOKEN, visit.token());
        }
        return headers;
    }

    private void tell(Asked asked, Fetched fetched) {
        if (asked.held() == null || asked.untold() == 0 || !isCounted(asked.visit())) {
            return;
        }
        if (!(fetched instanceof Fetched.Failed(Fault fault))) {
            metrics.told(asked.untold());
        } else if (fault.kind().saidNothing()) {
            asked.held().usage().giveBack(asked.untold());
        } else {
            // Perhaps it has heard of them: better lost than counted twice.
            metrics.lost(asked.untold());
        }
    }

    private static boolean isCounted(Visit visit) {
        return visit.route().traits().caching() instanceof Caching.One;
    }

    /** A 304 for something that we do not have. */
    private boolean isAboutAnother(Fetched fetched, Slot.@Nullable Held held) {
        return held != null
                && fetched instanceof Fetched.Whole whole
                && whole.status() == 304
                && held.answer()
                        .confirmed(whole.headers(), 0, config.mostStale())
                        .isEmpty();
    }

    private Outcome learn(Asked asked, Fetched fetched, boolean keeping) {
        try {
            return switch (fetched) {
                case Fetched.Whole whole when whole.status() == 304 -> confirmed(asked, whole, keeping);
                case Fetched.Said said -> said(asked, said, keeping);
                case Fetched.TooLong _, Fetched.Failed _ -> unshared(asked, fetched);
            };
        } catch (RuntimeException e) {
            return defect(asked.key(), e);
        }
    }

    /** Those who wait must not wait for ever. */
    private static Outcome defect(Key key, RuntimeException e) {
        LOG.error("a question that came to nothing: " + key.uri(), e);
        return new Outcome.Unshared(new Fetched.Failed(new Fault(Fault.Kind.DEFECT, e.toString())));
    }

    private Outcome confirmed(Asked asked, Fetched.Whole unchanged, boolean keeping) {
        return Optional.ofNullable(asked.held())
                .flatMap(held -> held.answer().confirmed(unchanged.headers(), asked.atMs(), config.mostStale()))
                .map(answer -> shared(asked, answer, true, keeping))
                .orElseGet(() -> new Outcome.Unshared(
                        new Fetched.Failed(new Fault(Fault.Kind.GARBAGE, "304 to a question without conditions"))));
    }

    private Outcome said(Asked asked, Fetched.Said said, boolean keeping) {
        return Answer.of(said, asked.atMs(), config.mostStale())
                .map(answer -> shared(asked, answer, false, keeping))
                .orElseGet(() -> unshared(asked, said));
    }

    /** What is asked with somebody's token may be answered otherwise than to everybody: nothing follows from it for others. */
    private Outcome unshared(Asked asked, Fetched fetched) {
        if (asked.visit().token() == null) {
            switch (fetched) {
                case Fetched.Whole _, Fetched.TooLong _ -> memory.open(asked.key());
                case Fetched.Trouble trouble when trouble.status() == 404 -> memory.forget(asked.key());
                // What is wrong with the service is not what is wrong with the thing.
                case Fetched.Trouble _, Fetched.Failed _ -> {}
            }
        }
        return new Outcome.Unshared(fetched);
    }

    private Outcome shared(Asked asked, Answer answer, boolean confirmed, boolean keeping) {
        Coding coding = asked.visit().coding();
        if (keeping) {
            memory.keep(answer.vary().byCoding() ? asked.key().in(coding) : asked.key(), answer);
        }
        return new Outcome.Shared(answer, coding, confirmed);
    }
}
