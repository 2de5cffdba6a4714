package caravan.payment;

import caravan.common.messaging.Json;
import caravan.common.messaging.SpanKeys;
import caravan.common.messaging.TraceContext;
import caravan.common.messaging.TracedWork;
import caravan.payment.CardNetwork.Outcome.Blocked;
import caravan.payment.CardNetwork.Outcome.Captured;
import caravan.payment.CardNetwork.Outcome.Declined;
import caravan.payment.CardNetwork.Outcome.Reversed;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.runtime.Shutdown;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.core.http.HttpClient;
import io.vertx.mutiny.core.http.HttpClientResponse;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The card network over HTTP. Everything that is no clear answer is a failure. */
@Singleton
class HttpCardNetwork implements CardNetwork {

    /** Later than those who name no place in the order. */
    private static final int AFTER_THE_CASHIER = 3_000;

    private static final String CHARGES = "/v1/charges";
    private static final String REVERSALS = "/v1/charges/{key}/reversal";

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> TEMPLATE = AttributeKey.stringKey("url.template");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("peer.service");

    /** Longer than a payment waits for its next try. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private record ChargeBody(long amountMinor, String currency, String cardToken, String reference) {}

    private record AnswerBody(
            @Nullable String id,
            @Nullable String reason,
            @Nullable Long amountMinor,
            @Nullable Long refundedMinor) {}

    private record Answer(int status, Buffer body) {

        AnswerBody read() {
            return Json.read(body.getBytes(), AnswerBody.class);
        }
    }

    /** Calls that were not answered, so that the next one can name them. Forgetting costs a link. */
    private final Cache<UUID, TraceContext> missed = Caffeine.newBuilder()
            .maximumSize(1_000)
            .expireAfterWrite(REMEMBERED)
            .build();

    private final HttpClient client;
    private final Tracer tracer;
    private final String root;
    private final long timeoutMs;

    HttpCardNetwork(Vertx vertx, Tracer tracer, PaymentConfig config) {
        URI url = config.networkUrl();
        int connections = config.bulkhead() + config.suspects();
        this.timeoutMs = config.timeout().toMillis();
        this.root = url.toString().replaceAll("/+$", "");
        this.tracer = tracer;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) timeoutMs)
                        .setKeepAliveTimeout(30)
                        // The span is made here, with the payment's own parent.
                        .setTracingPolicy(TracingPolicy.IGNORE)
                        .setMaxWaitQueueSize(connections),
                new PoolOptions().setHttp1MaxSize(connections));
    }

    @Override
    public Uni<Outcome> charge(Payment payment) {
        CardToken token = payment.token();
        if (token == null) {
            throw new IllegalStateException("no token to charge for " + payment.orderId());
        }
        ChargeBody body = new ChargeBody(
                payment.amount().amountMinor(),
                payment.amount().currency(),
                token.value(),
                payment.orderId().toString());
        return post(CHARGES, payment, Json.bytes(body)).map(answer -> charged(answer, payment));
    }

    @Override
    public Uni<Outcome> reverse(Payment payment) {
        String path = CHARGES + "/" + URLEncoder.encode(payment.key(), StandardCharsets.UTF_8) + "/reversal";
        return post(path, payment, new byte[0]).map(HttpCardNetwork::reversed);
    }

    private static Outcome charged(Answer answer, Payment payment) {
        return switch (answer.status()) {
            case 201 -> captured(answer.read(), payment);
            case 402 -> {
                String reason = answer.read().reason();
                yield new Declined(reason == null ? "declined" : reason);
            }
            // The same body under the same key is refused every time: nothing was or will be captured.
            case 400 -> new Declined("invalid-charge");
            case 409 -> new Blocked();
            default -> throw unusable("a charge", answer.status());
        };
    }

    private static Outcome captured(AnswerBody answer, Payment payment) {
        long amount = payment.amount().amountMinor();
        if (answer.id() == null || (answer.amountMinor() != null && answer.amountMinor() != amount)) {
            throw new IllegalStateException("the card network captured something else for " + payment.orderId());
        }
        return new Captured(answer.id());
    }

    private static Outcome reversed(Answer answer) {
        Long refunded = answer.status() == 200 ? answer.read().refundedMinor() : null;
        if (refunded == null) {
            throw unusable("a reversal", answer.status());
        }
        return new Reversed(refunded);
    }

    private Uni<Answer> post(String path, Payment payment, byte[] body) {
        TracedWork call = begin(path.equals(CHARGES) ? CHARGES : REVERSALS, payment);
        return client.request(request(path, payment.key(), call.context()))
                .chain(request -> request.send(Buffer.buffer(body)))
                .chain(HttpCardNetwork::answer)
                .onTermination()
                .invoke((answer, fault, _) -> end(call, payment, answer, fault));
    }

    private TracedWork begin(String what, Payment payment) {
        TracedWork call = TracedWork.start(tracer, SpanKind.CLIENT, "POST " + what, payment.trace())
                .with(METHOD, "POST")
                .with(TEMPLATE, what)
                .with(PEER, "card-network");
        if (call.isRecording()) {
            call.with(SpanKeys.ORDER_ID, payment.orderId().toString())
                    .with(SpanKeys.SAGA_ID, payment.charge().sagaId().toString())
                    .with(SpanKeys.SAGA_ATTEMPT, (long) payment.tries().made());
            TraceContext before = missed.getIfPresent(payment.orderId());
            if (before != null) {
                call.linkedTo(before, "retry");
            }
        }
        return call;
    }

    /** A call that was given up (no answer, no fault) failed as well. */
    private void end(TracedWork call, Payment payment, @Nullable Answer answer, @Nullable Throwable fault) {
        if (!call.isRecording()) {
            return;
        }
        if (answer != null && answer.status() < 500) {
            missed.invalidate(payment.orderId());
            call.with(STATUS, (long) answer.status()).end();
            return;
        }
        missed.put(payment.orderId(), call.context());
        if (answer != null) {
            call.with(STATUS, (long) answer.status()).failed(String.valueOf(answer.status()));
        } else if (fault != null) {
            call.failed(fault);
        } else {
            call.failed("given up");
        }
    }

    private RequestOptions request(String path, String key, TraceContext trace) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(root + path)
                .setTimeout(timeoutMs)
                .putHeader("Content-Type", "application/json")
                .putHeader("Idempotency-Key", key);
        if (trace.traceparent() != null) {
            options.putHeader("traceparent", trace.traceparent());
        }
        return options;
    }

    private static Uni<Answer> answer(HttpClientResponse response) {
        return response.body().map(body -> new Answer(response.statusCode(), body));
    }

    private static RuntimeException unusable(String what, int status) {
        return new UncheckedIOException(new IOException("the card network answered " + what + " with " + status));
    }

    /** After {@link Cashier#stop}, whose charges it carries. */
    @Shutdown(AFTER_THE_CASHIER)
    void close() {
        client.closeAndForget();
    }
}
