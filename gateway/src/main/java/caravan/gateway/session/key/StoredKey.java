package caravan.gateway.session.key;

import io.vertx.core.buffer.Buffer;
import java.security.interfaces.RSAPublicKey;

/** A row of {@code signing_keys}. */
record StoredKey(KeyAge age, RSAPublicKey publicKey, Buffer sealedPrivateKey) {

    String kid() {
        return age.kid();
    }
}
