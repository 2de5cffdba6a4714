package caravan.fleet.testing;

import caravan.fleet.FleetException;
import caravan.fleet.Sockets;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/** Stands where the gateway would: publishes a key (RFC 7517) and signs access tokens (RFC 9068) for tests of one service. */
final class TokenIssuer {
    static final String ISSUER = "caravan.auth.issuer";
    static final String JWKS = "caravan.auth.jwks-url";

    private static final String PRIVATE_KEY = "caravan.test.private-key";
    private static final String AUDIENCE = "caravan-api";
    private static final String KEY_ID = "test";
    private static final int LIFE_SECONDS = 900;

    private TokenIssuer() {}

    /** Listens as long as this JVM lives. The result is all that {@link #token} needs. */
    static Map<String, String> start() {
        try {
            KeyPair pair = pair();
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(Sockets.HOST), 0), 0);
            byte[] keys = jwks((RSAPublicKey) pair.getPublic()).encode().getBytes(StandardCharsets.UTF_8);
            server.createContext("/jwks.json", exchange -> {
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, keys.length);
                exchange.getResponseBody().write(keys);
                exchange.close();
            });
            server.start();
            String url = "http://" + Sockets.HOST + ":" + server.getAddress().getPort();
            return Map.of(
                    ISSUER,
                    url,
                    JWKS,
                    url + "/jwks.json",
                    PRIVATE_KEY,
                    Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A token for 15 minutes. {@code scopes} with spaces between them. */
    static String token(Map<String, String> issuer, UUID subject, String scopes) {
        long now = Instant.now().getEpochSecond();
        JsonObject header =
                new JsonObject().put("alg", "RS256").put("typ", "at+jwt").put("kid", KEY_ID);
        JsonObject claims = new JsonObject()
                .put("iss", issuer.get(ISSUER))
                .put("aud", AUDIENCE)
                .put("sub", subject.toString())
                .put("client_id", "caravan-web")
                .put("scope", scopes)
                .put("iat", now)
                .put("exp", now + LIFE_SECONDS)
                .put("jti", UUID.randomUUID().toString())
                .put("sid", UUID.randomUUID().toString())
                .put("name", "Test Customer")
                .put("email", subject + "@caravan.example");
        String signed = encode(header) + "." + encode(claims);
        return signed + "." + sign(issuer.getOrDefault(PRIVATE_KEY, ""), signed);
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    private static JsonObject jwks(RSAPublicKey key) {
        return new JsonObject()
                .put(
                        "keys",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("kty", "RSA")
                                        .put("use", "sig")
                                        .put("alg", "RS256")
                                        .put("kid", KEY_ID)
                                        .put("n", number(key.getModulus()))
                                        .put("e", number(key.getPublicExponent()))));
    }

    /** Without the sign's byte (RFC 7518, section 2). */
    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        int from = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        return text(java.util.Arrays.copyOfRange(bytes, from, bytes.length));
    }

    private static String sign(String privateKey, String text) {
        try {
            PrivateKey key = KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(privateKey)));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new FleetException("Cannot sign a token: " + e.getMessage(), e);
        }
    }

    private static String encode(JsonObject json) {
        return text(json.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
