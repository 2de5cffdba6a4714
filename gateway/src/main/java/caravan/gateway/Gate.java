package caravan.gateway;

import caravan.common.auth.AccessToken;
import caravan.common.auth.TokenException;
import caravan.common.http.ProblemType;
import caravan.gateway.limit.Ask;
import caravan.gateway.limit.Limiter;
import caravan.gateway.limit.RateLimitHeaders;
import caravan.gateway.limit.Verdict;
import caravan.gateway.proxy.Access;
import caravan.gateway.proxy.Caller;
import caravan.gateway.proxy.ClientAddress;
import caravan.gateway.proxy.Refusal;
import caravan.gateway.proxy.Route;
import caravan.gateway.proxy.RouteTable;
import caravan.gateway.session.Sessions;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and whether they may: known before a body is read or a service is bothered. The limit comes first also for
 * whoever has no good token, counted by address then, so that guessing is limited like everything else.
 */
@Singleton
class Gate {

    /** What is known of whoever asks. Without a token, {@code trouble} says what was wrong with it, if there was one. */
    private record Asker(
            String key,
            String address,
            @Nullable AccessToken token,
            @Nullable String trouble) {}

    private static final Logger LOG = Logger.getLogger(Gate.class);
    private static final String BEARER = "Bearer ";
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Sessions sessions;
    private final Limiter limiter;
    private final RateLimitHeaders headers;
    private final ClientAddress addresses;

    Gate(Sessions sessions, Limiter limiter, RateLimitHeaders headers, ClientAddress addresses) {
        this.sessions = sessions;
        this.limiter = limiter;
        this.headers = headers;
        this.addresses = addresses;
    }

    /** A route that costs more than its bucket holds could never be used. */
    void check(@Observes StartupEvent event, RouteTable routes) {
        routes.routes()
                .forEach(route -> limiter.requireAffordable(route.routeClass().label(), route.cost()));
    }

    /** Calls {@code admitted} on the request's event loop, with its body still to come, or answers it. */
    void pass(RoutingContext context, Route route, Runnable admitted) {
        context.request().pause();
        String address = addresses.of(context.request());
        String bearer = looksAtToken(route) ? bearer(context) : null;
        if (bearer == null) {
            limit(context, route, new Asker(address, address, null, "there is no bearer token"), admitted);
            return;
        }
        sessions.authenticate(bearer).onComplete(answer -> {
            if (answer.succeeded()) {
                AccessToken token = answer.result();
                Caller.note(context, new Caller(token.subject(), bearer, token.expiresAt()));
                limit(context, route, new Asker(token.subject().toString(), address, token, null), admitted);
            } else if (answer.cause() instanceof TokenException bad) {
                // Also where no token is needed (RFC 6750, 3.1): whoever sends one wants to be somebody.
                limit(
                        context,
                        route,
                        new Asker(address, address, null, bad.detail()),
                        () -> refuse(context, bad.detail()));
            } else {
                LOG.warnf("no token can be verified: %s", answer.cause());
                Refusal.send(context, ProblemType.TEMPORARY_REDUCED_CAPACITY, "try again soon", SOON);
            }
        });
    }

    /** What is ours and for everybody needs nobody's name; what a service answers to everybody it may answer to somebody. */
    private static boolean looksAtToken(Route route) {
        return !route.isLocal() || !(route.access() instanceof Access.Everybody);
    }

    private void limit(RoutingContext context, Route route, Asker asker, Runnable admitted) {
        AccessToken token = asker.token();
        Ask ask = new Ask(
                asker.key(),
                asker.address(),
                route.routeClass().label(),
                route.cost(),
                token == null ? null : token.session());
        limiter.take(ask).onComplete(verdict -> {
            if (verdict.succeeded()) {
                decide(context, route, asker, verdict.result(), admitted);
            } else {
                context.fail(verdict.cause());
            }
        });
    }

    private void decide(RoutingContext context, Route route, Asker asker, Verdict verdict, Runnable admitted) {
        headers.write(verdict, context.response().headers());
        if (!verdict.admitted()) {
            Refusal.send(context, ProblemType.QUOTA_EXCEEDED, "wait as long as Retry-After says");
        } else if (verdict.sessionDenied()) {
            refuse(context, "the session has ended");
        } else {
            switch (route.access()) {
                case Access.Everybody _ -> admitted.run();
                case Access.Needs needs -> {
                    AccessToken token = asker.token();
                    if (token == null) {
                        refuse(context, String.valueOf(asker.trouble()));
                    } else if (!token.allows(needs.scope())) {
                        Refusal.send(
                                context,
                                ProblemType.INSUFFICIENT_SCOPE,
                                "this needs the scope " + needs.scope().text());
                    } else {
                        admitted.run();
                    }
                }
            }
        }
    }

    private static void refuse(RoutingContext context, String detail) {
        Refusal.send(context, ProblemType.UNAUTHENTICATED, detail);
    }

    private static @Nullable String bearer(RoutingContext context) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        return header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? null
                : header.substring(BEARER.length()).strip();
    }
}
