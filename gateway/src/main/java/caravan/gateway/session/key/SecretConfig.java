package caravan.gateway.session.key;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

@ConfigMapping(prefix = "caravan.gateway")
interface SecretConfig {

    /** At least 32 bytes, the same for all gateways. Another one ends every session and cannot read the signing keys. */
    Optional<String> secret();
}
