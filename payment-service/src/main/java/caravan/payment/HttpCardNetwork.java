package caravan.payment;

import caravan.common.messaging.Json;
import caravan.common.messaging.TraceContext;
import caravan.payment.CardNetwork.Outcome.Blocked;
import caravan.payment.CardNetwork.Outcome.Captured;
import caravan.payment.CardNetwork.Outcome.Declined;
import caravan.payment.CardNetwork.Outcome.Reversed;
import io.opentelemetry.api.trace.Span;
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
import org.jspecify.annotations.Nullable;

/** The card network over HTTP. Everything that is no clear answer is a failure. */
@Singleton
class HttpCardNetwork implements CardNetwork {

    private static final String CHARGES = "/v1/charges";

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
        Span span = tracer.spanBuilder("POST " + CHARGES)
                .setParent(payment.trace().toContext())
                .setSpanKind(SpanKind.CLIENT)
                .startSpan();
        TraceContext trace = TraceContext.of(payment.trace().toContext().with(span));
        return client.request(request(path, payment.key(), trace))
                .chain(request -> request.send(Buffer.buffer(body)))
                .chain(HttpCardNetwork::answer)
                .onTermination()
                .invoke(span::end);
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

    @Shutdown
    void close() {
        client.closeAndForget();
    }
}
