package caravan.gateway.session;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** What everybody who makes or verifies tokens agrees on. */
@ConfigMapping(prefix = "caravan.auth")
interface IssuerConfig {

    @WithDefault("http://localhost:8080")
    String issuer();

    @WithDefault("caravan-api")
    String audience();

    /** For the services; the gateway has the keys. */
    Optional<String> jwksUrl();
}
