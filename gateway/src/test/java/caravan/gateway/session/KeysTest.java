package caravan.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.auth.Scope;
import caravan.common.auth.TokenException;
import caravan.common.auth.TokenVerifier;
import caravan.fleet.testing.Backends;
import caravan.gateway.session.key.Keys;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SessionsProfile.class)
@WithTestResource(Backends.class)
class KeysTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration ROTATION = Duration.ofDays(30);

    @Inject
    Keys keys;

    @Inject
    AccessTokens tokens;

    @Inject
    MovableClock clock;

    @Inject
    Pool pool;

    /** Keys that are new now, whatever the clock was in other tests. */
    @BeforeEach
    void beginWithNewKeys() {
        pool.query("delete from signing_keys").execute().await().atMost(BOUND);
        refresh();
    }

    @AfterEach
    void resetTheClock() {
        clock.reset();
    }

    /** What is gone is only what has long expired: the token before the first rollover, a month later. */
    @Test
    void tokensVerifyAcrossRollovers() {
        String first = sign();
        String firstKid = keys.current().kid();

        clock.advance(ROTATION);
        refresh();
        String second = sign();
        assertThat(keys.current().kid()).isNotEqualTo(firstKid);
        assertGood(first);
        assertGood(second);

        clock.advance(ROTATION);
        refresh();
        String third = sign();
        assertGood(second);
        assertGood(third);
        assertThat(verifier().verify(first).cause()).isInstanceOf(TokenException.class);
    }

    @Test
    void theNextKeyIsPublishedBeforeItSigns() {
        String published = keys.jwks();

        clock.advance(ROTATION);
        refresh();

        assertThat(published).contains("\"" + keys.current().kid() + "\"");
    }

    @Test
    void privateKeysAreSealedInTheDatabase() throws Exception {
        byte[] stored = pool.query("select sealed_private_key from signing_keys limit 1")
                .execute()
                .map(rows -> rows.iterator().next().getBuffer(0).getBytes())
                .await()
                .atMost(BOUND);

        KeyFactory rsa = KeyFactory.getInstance("RSA");
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("RSA");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> rsa.generatePrivate(new PKCS8EncodedKeySpec(stored)))
                .isInstanceOf(InvalidKeySpecException.class);
    }

    private void refresh() {
        keys.refresh().await().atMost(BOUND);
    }

    private String sign() {
        UUID id = UUID.randomUUID();
        return tokens.sign(new Grant(id, "caravan", id, 0, Set.of(Scope.ORDERS_READ), "N", "n@example.com"));
    }

    private void assertGood(String token) {
        assertThat(verifier().verify(token).toCompletionStage().toCompletableFuture())
                .succeedsWithin(BOUND);
    }

    /** A new one each time: it remembers nothing. */
    private TokenVerifier verifier() {
        return new TokenVerifier(keys, Api.issuer(), "caravan-api", InstantSource.system());
    }
}
