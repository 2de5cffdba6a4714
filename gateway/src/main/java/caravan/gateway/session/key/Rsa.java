package caravan.gateway.session.key;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** RSA keys and how they are written. */
final class Rsa {

    private static final String RSA = "RSA";
    private static final int BITS = 2048;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private Rsa() {}

    /** Takes up to half a second of a processor: not for event loops. */
    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(RSA);
            generator.initialize(BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    /** The thumbprint of the key (RFC 7638): the same key has the same name everywhere. */
    static String kid(RSAPublicKey key) {
        String canonical = "{\"e\":\"" + exponent(key) + "\",\"kty\":\"RSA\",\"n\":\"" + modulus(key) + "\"}";
        try {
            return BASE64.encodeToString(
                    MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static RSAPublicKey publicKey(byte[] encoded) {
        try {
            return (RSAPublicKey) KeyFactory.getInstance(RSA).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stored public key cannot be read", e);
        }
    }

    static PrivateKey privateKey(byte[] encoded) {
        try {
            return KeyFactory.getInstance(RSA).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a stored private key cannot be read", e);
        }
    }

    static String modulus(RSAPublicKey key) {
        return BASE64.encodeToString(unsigned(key.getModulus()));
    }

    static String exponent(RSAPublicKey key) {
        return BASE64.encodeToString(unsigned(key.getPublicExponent()));
    }

    /** Without the byte that only carries the sign (RFC 7518, section 2, Base64urlUInt). */
    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes.length > 1 && bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }
}
