package caravan.gateway.session;

import caravan.common.auth.AccessToken;
import caravan.common.auth.AuthConfig;
import caravan.common.auth.TokenException;
import caravan.common.auth.TokenVerifier;
import caravan.gateway.session.family.DenyList;
import caravan.gateway.session.family.SeenNotes;
import caravan.gateway.session.key.Keys;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** Who asks: for every request, so no blocking, and no call to anybody. */
@Singleton
public class Sessions {

    private final TokenVerifier verifier;
    private final DenyList denyList;
    private final SeenNotes seen;

    Sessions(Keys keys, AuthConfig config, DenyList denyList, SeenNotes seen, InstantSource clock) {
        this.verifier = new TokenVerifier(keys, config.issuer(), config.audience(), clock);
        this.denyList = denyList;
        this.seen = seen;
    }

    /**
     * Verifies the token, looks whether its session has ended, and notes that its generation has arrived. Fails with
     * {@link TokenException} when it is not to be trusted.
     */
    public Future<AccessToken> authenticate(String bearerToken) {
        return verifier.verify(bearerToken).map(this::admit);
    }

    private AccessToken admit(AccessToken token) {
        if (denyList.contains(token.session())) {
            throw new TokenException("the session has ended");
        }
        seen.used(token);
        return token;
    }
}
