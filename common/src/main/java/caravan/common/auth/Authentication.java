package caravan.common.auth;

import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through to its resource when its token allows what the resource {@link Requires}. Each service checks for
 * itself: that a request came from the gateway says nothing. A resource that says nothing is closed.
 */
@Singleton
public class Authentication {

    private static final Logger LOG = Logger.getLogger(Authentication.class);
    private static final String TOKEN = AccessToken.class.getName();
    private static final String BEARER = "Bearer ";
    private static final Duration SOON = Duration.ofSeconds(1);

    /** What a resource method asks for; without a scope it is open. */
    private record Rule(@Nullable Scope scope) {}

    private final Map<Method, Rule> rules = new ConcurrentHashMap<>();
    private final CurrentVertxRequest current;
    private final IssuedTokens tokens;

    Authentication(CurrentVertxRequest current, IssuedTokens tokens) {
        this.current = current;
        this.tokens = tokens;
    }

    /** Runs before the resource; the token is then {@link #token()}. Public for the classes that Quarkus generates. */
    @ServerRequestFilter
    public Uni<Response> check(ResourceInfo resource) {
        Scope scope = rules.computeIfAbsent(resource.getResourceMethod(), Authentication::ruleOf)
                .scope();
        if (scope == null) {
            return Uni.createFrom().nullItem();
        }
        return Uni.createFrom()
                .completionStage(() -> tokens.verify(bearer()).toCompletionStage())
                .onFailure()
                .transform(Authentication::problem)
                .invoke(token -> admit(token, scope))
                .replaceWith((Response) null);
    }

    /** The token of the request that is being answered. Fails where the resource is open. */
    public AccessToken token() {
        AccessToken token = current.getCurrent().get(TOKEN);
        if (token == null) {
            throw new IllegalStateException("an open resource has no caller");
        }
        return token;
    }

    private void admit(AccessToken token, Scope scope) {
        if (!token.allows(scope)) {
            throw new ProblemException(ProblemType.INSUFFICIENT_SCOPE, "this needs the scope " + scope.text());
        }
        current.getCurrent().put(TOKEN, token);
    }

    private String bearer() {
        String header = current.getCurrent().request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw new ProblemException(ProblemType.UNAUTHENTICATED, "there is no bearer token");
        }
        return header.substring(BEARER.length()).strip();
    }

    private static Throwable problem(Throwable fault) {
        return switch (fault) {
            case ProblemException known -> known;
            case TokenException bad -> new ProblemException(ProblemType.UNAUTHENTICATED, bad.detail());
            default -> {
                LOG.warnf("no token can be verified: %s", fault.getMessage());
                yield new ProblemException(ProblemType.TEMPORARY_REDUCED_CAPACITY, "try again soon", List.of(), SOON);
            }
        };
    }

    private static Rule ruleOf(Method method) {
        return ruleAt(method)
                .or(() -> ruleAt(method.getDeclaringClass()))
                .orElseThrow(() -> new IllegalStateException(method + " says neither @Requires nor @Open"));
    }

    private static Optional<Rule> ruleAt(java.lang.reflect.AnnotatedElement element) {
        if (element.isAnnotationPresent(Open.class)) {
            return Optional.of(new Rule(null));
        }
        return Optional.ofNullable(element.getAnnotation(Requires.class)).map(requires -> new Rule(requires.value()));
    }
}
