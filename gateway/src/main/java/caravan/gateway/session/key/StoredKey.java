package caravan.gateway.session.key;

import java.security.interfaces.RSAPublicKey;

/** A row of {@code signing_keys}. */
record StoredKey(KeyAge age, RSAPublicKey publicKey, byte[] sealedPrivateKey) {

    String kid() {
        return age.kid();
    }
}
