package caravan.common.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;

/** The verifier of a service, with the issuer's keys. Its scope makes it lazy: request filters are built before Vert.x is. */
@ApplicationScoped
class IssuedTokens {

    private final TokenVerifier verifier;

    IssuedTokens(Vertx vertx, AuthConfig config) {
        InstantSource clock = InstantSource.system();
        this.verifier =
                new TokenVerifier(new RemoteKeys(vertx, config, clock), config.issuer(), config.audience(), clock);
    }

    Future<AccessToken> verify(String token) {
        return verifier.verify(token);
    }
}
