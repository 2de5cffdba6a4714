package caravan.common.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenVerifierTest {

    private static final String ISSUER = "https://shop.example";
    private static final KeyPair KEYS = pair();
    private static final KeyPair FOREIGN = pair();

    private final List<String> asked = new ArrayList<>();
    private Instant clock = Instant.now();
    private final TokenVerifier verifier = new TokenVerifier(this::find, ISSUER, "caravan-api", () -> clock);

    @Test
    void readsWhatAGoodTokenSays() {
        JsonObject claims = claims();

        AccessToken token = verify(signed(header(), claims, KEYS));

        assertThat(token.subject()).hasToString(claims.getString("sub"));
        assertThat(token.session()).hasToString(claims.getString("sid"));
        assertThat(token.scopes()).containsExactlyInAnyOrder(Scope.ORDERS_READ, Scope.ORDERS_WRITE);
        assertThat(token.generation()).isEqualTo(3);
        assertThat(token.isClient()).isFalse();
    }

    @Test
    void checksASignatureOnceWhileItRemembers() {
        String token = signed(header(), claims(), KEYS);

        verify(token);
        verify(token);

        assertThat(asked).containsExactly("k1");
    }

    @Test
    void forgetsNoExpiry() {
        String token = signed(header(), claims(), KEYS);
        verify(token);

        clock = clock.plus(Duration.ofMinutes(16));

        assertThatThrownBy(() -> verify(token)).isInstanceOf(TokenException.class);
    }

    @Test
    void forgivesClocksThatAreHalfAMinuteApart() {
        long past = now() - 20;
        long future = now() + 20;

        assertThat(verify(signed(header(), claims().put("iat", past - 900).put("exp", past), KEYS)))
                .isNotNull();
        assertThat(verify(signed(header(), claims().put("nbf", future), KEYS))).isNotNull();
    }

    static Stream<Arguments> attacks() {
        return Stream.of(
                attack("no algorithm", header().put("alg", "none"), claims(), ""),
                Arguments.of("HS256 with the public key", hmac(header().put("alg", "HS256"), claims())),
                Arguments.of("the public key's HMAC under RS256", hmac(header(), claims())),
                Arguments.of("another key's signature", signed(header(), claims(), FOREIGN)),
                Arguments.of("an unknown key", signed(header().put("kid", "k2"), claims(), FOREIGN)),
                Arguments.of("a key name that is a path", signed(header().put("kid", "../../k1"), claims(), KEYS)),
                Arguments.of("no key name", signed(without(header(), "kid"), claims(), KEYS)),
                Arguments.of(
                        "a key from elsewhere",
                        signed(
                                header().put("jku", "http://localhost/jwks.json")
                                        .put("kid", "evil"),
                                claims(),
                                FOREIGN)),
                Arguments.of("another type", signed(header().put("typ", "JWT"), claims(), KEYS)),
                claim("another issuer", c -> c.put("iss", "https://evil.example")),
                claim("another audience", c -> c.put("aud", "other-api")),
                claim("no audience", c -> c.remove("aud")),
                claim("expired", c -> c.put("iat", now() - 931).put("exp", now() - 31)),
                claim("no expiry", c -> c.remove("exp")),
                claim("not yet", c -> c.put("nbf", now() + 60)),
                claim("no session", c -> c.remove("sid")),
                claim("no subject", c -> c.remove("sub")),
                claim("a subject that is no id", c -> c.put("sub", "admin")),
                Arguments.of("a cut signature", signed(header(), claims(), KEYS).replaceAll("....$", "")),
                Arguments.of("no token", "junk"),
                Arguments.of("nothing", ""),
                Arguments.of("too long", "x".repeat(5000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void refuses(String what, String token) {
        assertThatThrownBy(() -> verify(token)).as(what).isInstanceOf(TokenException.class);
    }

    @Test
    void refusesAnotherBodyUnderAGoodSignature() {
        String[] good = signed(header(), claims(), KEYS).split("\\.", -1);

        String forged = good[0] + "." + text(claims().put("scope", "ops")) + "." + good[2];

        assertThatThrownBy(() -> verify(forged)).isInstanceOf(TokenException.class);
    }

    private AccessToken verify(String token) {
        Future<AccessToken> verified = verifier.verify(token);
        if (verified.cause() instanceof RuntimeException fault) {
            throw fault;
        }
        return verified.result();
    }

    private Future<Optional<java.security.PublicKey>> find(String kid) {
        asked.add(kid);
        return Future.succeededFuture(kid.equals("k1") ? Optional.of(KEYS.getPublic()) : Optional.empty());
    }

    private static Arguments attack(String what, JsonObject header, JsonObject claims, String signature) {
        return Arguments.of(what, text(header) + "." + text(claims) + "." + signature);
    }

    private static Arguments claim(String what, Consumer<JsonObject> change) {
        JsonObject claims = claims();
        change.accept(claims);
        return Arguments.of(what, signed(header(), claims, KEYS));
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private static JsonObject header() {
        return new JsonObject().put("alg", "RS256").put("typ", "at+jwt").put("kid", "k1");
    }

    private static JsonObject without(JsonObject json, String field) {
        json.remove(field);
        return json;
    }

    private static JsonObject claims() {
        long at = now();
        return new JsonObject()
                .put("iss", ISSUER)
                .put("aud", "caravan-api")
                .put("sub", UUID.randomUUID().toString())
                .put("client_id", "caravan-web")
                .put("scope", "orders:read orders:write unheard:of")
                .put("iat", at)
                .put("exp", at + 900)
                .put("jti", UUID.randomUUID().toString())
                .put("sid", UUID.randomUUID().toString())
                .put("gen", 3)
                .put("name", "Ada Lovelace")
                .put("email", "ada@caravan.example");
    }

    private static String signed(JsonObject header, JsonObject claims, KeyPair keys) {
        String text = text(header) + "." + text(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hmac(JsonObject header, JsonObject claims) {
        String text = text(header) + "." + text(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEYS.getPublic().getEncoded(), "HmacSHA256"));
            return text + "." + base64(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(JsonObject json) {
        return base64(json.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
