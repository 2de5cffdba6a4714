package caravan.common.auth;

import io.vertx.core.Future;
import java.security.PublicKey;
import java.util.Optional;

/** Where the issuer's public keys come from. Any thread. */
@FunctionalInterface
public interface KeySource {

    /**
     * The key with this {@code kid}, empty when the issuer has none of that name. Fails when nobody can be asked. An
     * implementation bounds how often unknown names make it ask.
     */
    Future<Optional<PublicKey>> find(String kid);
}
