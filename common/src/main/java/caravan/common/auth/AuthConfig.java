package caravan.common.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

@ConfigMapping(prefix = "caravan.auth")
public interface AuthConfig {

    /** Who signs the tokens: {@code iss}. The address under which clients know the gateway. */
    @WithDefault("http://localhost:8080")
    String issuer();

    /** Whom they are meant for: {@code aud}. */
    @WithDefault("caravan-api")
    String audience();

    /** Where the issuer's public keys are (RFC 7517). */
    @WithDefault("http://localhost:8080/.well-known/jwks.json")
    URI jwksUrl();

    /** How long a set of keys is used before it is read again: a new key is published for longer than this before it signs. */
    @WithDefault("5m")
    Duration jwksRefresh();

    /** At most so often an unknown key makes us ask: who makes up key names must not make us hammer the issuer. */
    @WithDefault("1s")
    Duration jwksPause();

    /** How long the issuer may take to answer. */
    @WithDefault("2s")
    Duration jwksTimeout();
}
