package caravan.gateway.session.key;

import java.security.PrivateKey;

/** What a token is signed with now, and how the key is called. */
public record SigningKey(String kid, PrivateKey privateKey) {

    @Override
    public String toString() {
        return "SigningKey[" + kid + "]";
    }
}
