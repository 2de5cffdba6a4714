package caravan.gateway.session.key;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All keys of one moment.
 *
 * @param published every key that a living token may be signed with, and the next one, by kid
 * @param jwks the same as a JSON Web Key Set (RFC 7517)
 */
record KeyRing(SigningKey current, Map<String, PublicKey> published, String jwks) {

    KeyRing {
        published = Map.copyOf(published);
    }

    static KeyRing of(SigningKey current, List<StoredKey> keys) {
        Map<String, PublicKey> published =
                keys.stream().collect(Collectors.toMap(StoredKey::kid, StoredKey::publicKey));
        JsonArray jwks = new JsonArray();
        keys.forEach(key -> jwks.add(jwk(key)));
        return new KeyRing(
                current, published, new JsonObject().put("keys", jwks).encode());
    }

    private static JsonObject jwk(StoredKey key) {
        return new JsonObject()
                .put("kty", "RSA")
                .put("use", "sig")
                .put("alg", "RS256")
                .put("kid", key.kid())
                .put("n", Rsa.modulus(key.publicKey()))
                .put("e", Rsa.exponent(key.publicKey()));
    }
}
