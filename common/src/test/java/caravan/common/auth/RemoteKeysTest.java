package caravan.common.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteKeysTest {

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile String published = keySet("k1");
    private volatile Instant now = Instant.now();
    private HttpServer issuer;
    private RemoteKeys keys;

    @BeforeEach
    void listen() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        issuer.createContext("/jwks.json", exchange -> {
            asked.incrementAndGet();
            await(gate);
            byte[] body = published.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        issuer.start();
        keys = new RemoteKeys(vertx, config(issuer.getAddress().getPort()), () -> now);
    }

    @AfterEach
    void close() {
        issuer.stop(0);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void readsTheKeysOnceForAllWhoWait() {
        gate = new CountDownLatch(1);
        List<Future<Optional<PublicKey>>> waiting =
                IntStream.range(0, 50).mapToObj(_ -> keys.find("k1")).toList();

        gate.countDown();

        assertThat(waiting).allSatisfy(found -> assertThat(get(found)).isPresent());
        assertThat(asked).hasValue(1);
    }

    @Test
    void findsAKeyThatIsNew() {
        get(keys.find("k1"));
        published = keySet("k1", "k2");
        now = now.plusSeconds(2);

        assertThat(get(keys.find("k2"))).isPresent();
    }

    @Test
    void isNotMadeToAskByNamesThatNobodyHas() {
        get(keys.find("k1"));

        IntStream.range(0, 100)
                .forEach(i -> assertThat(get(keys.find("made-up-" + i))).isEmpty());

        assertThat(asked).hasValue(1);
    }

    @Test
    void forgetsAKeyThatIsPublishedNoMore() {
        get(keys.find("k1"));
        published = keySet("k2");
        now = now.plus(Duration.ofMinutes(6));

        get(keys.find("k2"));

        assertThat(get(keys.find("k1"))).isEmpty();
    }

    @Test
    void keepsWhatItKnowsWhileTheIssuerIsAway() {
        get(keys.find("k1"));
        issuer.stop(0);
        now = now.plus(Duration.ofMinutes(6));

        assertThat(get(keys.find("k1"))).isPresent();
        assertThat(get(keys.find("k1"))).isPresent();
    }

    @Test
    void failsWhenThereNeverWasAnIssuer() {
        issuer.stop(0);

        assertThatThrownBy(() -> get(keys.find("k1"))).isNotNull();
        assertThatThrownBy(() -> get(keys.find("k1"))).isNotNull();
    }

    private static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String keySet(String... kids) {
        JsonWebKeySet set = new JsonWebKeySet();
        for (String kid : kids) {
            RsaJsonWebKey key = new RsaJsonWebKey(publicKey());
            key.setKeyId(kid);
            set.addJsonWebKey(key);
        }
        return set.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }

    private static RSAPublicKey publicKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return (RSAPublicKey) generator.generateKeyPair().getPublic();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AuthConfig config(int port) {
        return new AuthConfig() {
            @Override
            public String issuer() {
                return "https://shop.example";
            }

            @Override
            public String audience() {
                return "caravan-api";
            }

            @Override
            public URI jwksUrl() {
                return URI.create("http://127.0.0.1:" + port + "/jwks.json");
            }

            @Override
            public Duration jwksRefresh() {
                return Duration.ofMinutes(5);
            }

            @Override
            public Duration jwksPause() {
                return Duration.ofSeconds(1);
            }

            @Override
            public Duration jwksTimeout() {
                return Duration.ofSeconds(2);
            }
        };
    }
}
