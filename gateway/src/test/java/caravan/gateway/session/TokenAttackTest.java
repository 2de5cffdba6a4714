package caravan.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.auth.AccessToken;
import caravan.common.auth.TokenException;
import caravan.fleet.testing.Backends;
import caravan.gateway.session.key.Keys;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that somebody made by hand. Each differs from a good one in one thing. */
@QuarkusTest
@TestProfile(SessionsProfile.class)
@WithTestResource(Backends.class)
class TokenAttackTest {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final UnaryOperator<JsonObject> AS_IT_IS = UnaryOperator.identity();

    @Inject
    Sessions sessions;

    @Inject
    Keys keys;

    @Test
    void takesTheGoodOneThatTheOthersAreMadeFrom() {
        assertThat(authenticate(signed(AS_IT_IS, AS_IT_IS))).isNotNull();
    }

    @Test
    void refusesATokenWithoutASignature() {
        String unsigned = text(header().put("alg", "none")) + "." + text(claims()) + ".";

        refused(unsigned);
        refused(text(header()) + "." + text(claims()) + ".");
    }

    @Test
    void refusesHmacWithThePublicKeyAsSecret() throws GeneralSecurityException {
        byte[] der = publicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";

        refused(hmac(der));
        refused(hmac(pem.getBytes(StandardCharsets.US_ASCII)));
        refused(hmac(keys.jwks().getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256", "ES256", "rs256", ""})
    void refusesOtherAlgorithms(String algorithm) {
        refused(signed(header -> header.put("alg", algorithm), AS_IT_IS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "dpop+jwt", "logout+jwt", ""})
    void refusesOtherTypes(String type) {
        refused(signed(header -> header.put("typ", type), AS_IT_IS));
    }

    @Test
    void refusesOtherIssuersAndAudiences() {
        refused(signed(AS_IT_IS, claims -> claims.put("iss", "http://evil.example")));
        refused(signed(AS_IT_IS, claims -> claims.put("iss", Api.issuer() + "/")));
        refused(signed(AS_IT_IS, claims -> claims.put("aud", "another-api")));
        refused(signed(AS_IT_IS, claims -> claims.put("aud", new JsonArray())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "exp", "iat", "sub", "sid", "jti", "client_id"})
    void refusesATokenInWhichAClaimIsMissing(String claim) {
        refused(signed(AS_IT_IS, claims -> {
            claims.remove(claim);
            return claims;
        }));
    }

    @Test
    void refusesAnExpiredTokenAfterTheLeeway() {
        long now = Instant.now().getEpochSecond();

        refused(signed(AS_IT_IS, claims -> claims.put("iat", now - 1000).put("exp", now - 60)));
        assertThat(authenticate(
                        signed(AS_IT_IS, claims -> claims.put("iat", now - 1000).put("exp", now - 5))))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../x", "../../../../dev/null", "/etc/passwd", "' or 1=1 --", "http://evil.example/key", ""})
    void refusesStrangeKeyNames(String kid) {
        refused(signed(header -> header.put("kid", kid), AS_IT_IS));
    }

    @Test
    void refusesAStrangersKeyWhereverItSaysTheKeyIs() throws GeneralSecurityException {
        KeyPair strangers = rsa();
        JsonObject jwk = new JsonObject().put("kty", "RSA").put("n", "AQAB").put("e", "AQAB");

        refused(signed(header(), claims(), strangers.getPrivate()));
        refused(signed(header().put("kid", "strangers"), claims(), strangers.getPrivate()));
        refused(signed(header().put("jku", "http://127.0.0.1:1/jwks.json"), claims(), strangers.getPrivate()));
        refused(signed(header().put("x5u", "http://127.0.0.1:1/x5u"), claims(), strangers.getPrivate()));
        refused(signed(header().put("jwk", jwk), claims(), strangers.getPrivate()));
    }

    @Test
    void refusesATokenInWhichOneClaimWasChanged() {
        String good = signed(AS_IT_IS, AS_IT_IS);
        String[] parts = good.split("\\.", -1);

        refused(parts[0] + "." + text(claims().put("scope", "ops")) + "." + parts[2]);
    }

    @Test
    void refusesATokenOfARevokedSession() {
        Api.Tokens tokens = Api.login();
        assertThat(authenticate(tokens.access())).isNotNull();

        Api.logout(tokens.refresh()).then().statusCode(204);

        refused(tokens.access());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "....", "{}", "e30.e30.e30", "\u0000"})
    void refusesJunk(String junk) {
        refused(junk);
        refused("x".repeat(100_000));
    }

    private void refused(String token) {
        assertThat(sessions.authenticate(token).toCompletionStage().toCompletableFuture())
                .as(token.length() > 200 ? "a long one" : token)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .withCauseInstanceOf(TokenException.class);
    }

    private AccessToken authenticate(String token) {
        return sessions.authenticate(token)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private JsonObject header() {
        return new JsonObject()
                .put("alg", "RS256")
                .put("typ", "at+jwt")
                .put("kid", keys.current().kid());
    }

    private static JsonObject claims() {
        long now = Instant.now().getEpochSecond();
        return new JsonObject()
                .put("iss", Api.issuer())
                .put("name", "Ada")
                .put("email", "ada@example.com")
                .put("aud", "caravan-api")
                .put("sub", UUID.randomUUID().toString())
                .put("sid", UUID.randomUUID().toString())
                .put("jti", UUID.randomUUID().toString())
                .put("client_id", "caravan")
                .put("scope", "orders:read")
                .put("iat", now)
                .put("exp", now + 900);
    }

    /** Signed with the real key, so that nothing but the change can be what is refused. */
    private String signed(UnaryOperator<JsonObject> header, UnaryOperator<JsonObject> claims) {
        return signed(
                header.apply(header()), claims.apply(claims()), keys.current().privateKey());
    }

    private static String signed(JsonObject header, JsonObject claims, PrivateKey key) {
        String input = text(header) + "." + text(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String hmac(byte[] secret) throws GeneralSecurityException {
        String input = text(header().put("alg", "HS256")) + "." + text(claims());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return input + "." + BASE64.encodeToString(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private PublicKey publicKey() {
        return keys.find(keys.current().kid()).result().orElseThrow();
    }

    private static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static String text(JsonObject json) {
        return BASE64.encodeToString(json.encode().getBytes(StandardCharsets.UTF_8));
    }
}
