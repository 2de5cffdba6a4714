package caravan.common.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * The issuer's keys over HTTP. They are read at the first use, again when they are old, and when a key is unknown; whoever
 * comes while they are being read waits for that same answer. While the issuer is away the keys that are known stay good.
 */
public final class RemoteKeys implements KeySource {

    private static final Logger LOG = Logger.getLogger(RemoteKeys.class);

    /** In bytes: room for a hundred keys. */
    private static final int LARGEST = 64 * 1024;

    private record Known(Map<String, PublicKey> keys, Instant readAt) {}

    private final HttpClient client;
    private final RequestOptions request;
    private final Duration refresh;
    private final Duration pause;
    private final InstantSource clock;
    private final AtomicReference<@Nullable Future<Known>> reading = new AtomicReference<>();
    private volatile Known known = new Known(Map.of(), Instant.MIN);
    private volatile Instant asked = Instant.MIN;

    public RemoteKeys(Vertx vertx, AuthConfig config, InstantSource clock) {
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setName("jwks")
                .setMaxPoolSize(1)
                // The keys are everybody's: the request that happens to need them first is not what they are read for.
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setConnectTimeout((int) config.jwksTimeout().toMillis()));
        this.request = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(config.jwksUrl().toString())
                .setTimeout(config.jwksTimeout().toMillis());
        this.refresh = config.jwksRefresh();
        this.pause = config.jwksPause();
        this.clock = clock;
    }

    @Override
    public Future<Optional<PublicKey>> find(String kid) {
        Known now = known;
        PublicKey key = now.keys.get(kid);
        boolean old = clock.instant().isAfter(now.readAt.plus(refresh));
        if (key != null && !old) {
            return Future.succeededFuture(Optional.of(key));
        }
        if (!mayAsk()) {
            return key == null && now.keys.isEmpty()
                    ? Future.failedFuture(new IllegalStateException("the issuer's keys cannot be read"))
                    : Future.succeededFuture(Optional.ofNullable(key));
        }
        Future<Optional<PublicKey>> read = read().map(fresh -> Optional.ofNullable(fresh.keys.get(kid)));
        // An old key is used once more while the new ones are being read.
        return key == null ? read : Future.succeededFuture(Optional.of(key));
    }

    private boolean mayAsk() {
        return reading.get() != null || clock.instant().isAfter(asked.plus(pause));
    }

    private Future<Known> read() {
        io.vertx.core.Promise<Known> promise = io.vertx.core.Promise.promise();
        Future<Known> there = reading.compareAndExchange(null, promise.future());
        if (there != null) {
            return there;
        }
        asked = clock.instant();
        fetch().onComplete(result -> {
            if (result.succeeded()) {
                known = result.result();
            } else {
                LOG.warnf("the issuer's keys cannot be read: %s", result.cause().getMessage());
            }
            reading.set(null);
            promise.handle(result);
        });
        return promise.future();
    }

    private Future<Known> fetch() {
        return client.request(request)
                .compose(call -> call.send().compose(RemoteKeys::body))
                .map(body -> new Known(keys(body), clock.instant()));
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture(new IllegalStateException("the issuer answered " + response.statusCode()));
        }
        return response.body();
    }

    private static Map<String, PublicKey> keys(Buffer body) {
        if (body.length() > LARGEST) {
            throw new IllegalStateException("the issuer's keys are too many");
        }
        try {
            return new JsonWebKeySet(body.toString())
                    .getJsonWebKeys().stream()
                            .filter(key -> key.getKeyId() != null)
                            .filter(RsaJsonWebKey.class::isInstance)
                            .map(RsaJsonWebKey.class::cast)
                            .collect(Collectors.toUnmodifiableMap(
                                    RsaJsonWebKey::getKeyId, RsaJsonWebKey::getRsaPublicKey, (a, _) -> a));
        } catch (JoseException e) {
            throw new IllegalStateException("the issuer's answer is no set of keys", e);
        }
    }
}
