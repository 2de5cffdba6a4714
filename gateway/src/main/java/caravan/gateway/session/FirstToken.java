package caravan.gateway.session;

import caravan.common.auth.Scope;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Signs and verifies one token before there are requests: hundreds of classes that would else be loaded on an event loop,
 * and keys that do not fit together stop the start.
 */
@Singleton
class FirstToken {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private final AccessTokens tokens;
    private final Sessions sessions;

    FirstToken(AccessTokens tokens, Sessions sessions) {
        this.tokens = tokens;
        this.sessions = sessions;
    }

    /** After the keys. */
    void check(@Observes @Priority(50) StartupEvent event) {
        UUID nobody = UUID.randomUUID();
        Grant grant = new Grant(
                nobody, nobody.toString(), nobody, 0, Set.of(Scope.ORDERS_READ), "nobody", "nobody@localhost");
        try {
            sessions.authenticate(tokens.sign(grant))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException("a token of our own is not accepted", e);
        }
    }
}
