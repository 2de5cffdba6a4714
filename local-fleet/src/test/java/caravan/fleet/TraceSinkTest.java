package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.fleet.trace.Span;
import caravan.fleet.trace.Trace;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Status;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TraceSinkTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    private final UUID order = UUID.randomUUID();
    private final int port = Sockets.free(1).getFirst();
    private final URI at = URI.create("http://" + Sockets.HOST + ":" + port);
    private final TraceSink sink = TraceSink.start(port);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        sink.close();
    }

    @Test
    void takesWhatAnExporterSendsPlainOrPacked() throws Exception {
        byte[] body = request("process <b>", order);

        assertThat(post(body, false).statusCode()).isEqualTo(200);
        assertThat(post(packed(request("another", UUID.randomUUID())), true).statusCode())
                .isEqualTo(200);

        Trace trace = sink.find(TRACE).orElseThrow();
        assertThat(trace.spans()).hasSize(2);
        Span span = sink.ofOrder(order).getFirst().spans().getFirst();
        assertThat(span.service()).isEqualTo("payment-service");
        assertThat(span.kind()).isEqualTo(Span.Kind.CONSUMER);
        assertThat(span.parentId()).isEqualTo("00f067aa0ba902b7");
        assertThat(span.durationNs()).isEqualTo(5_000_000);
        assertThat(span.status()).isEqualTo("boom");
        assertThat(span.attribute("saga.attempt")).isEqualTo("2");
        assertThat(span.links()).containsExactly(new Span.Link(TRACE, SPAN, "retry"));
        assertThat(span.events()).containsExactly("exception {exception.type=X}");
    }

    @Test
    void tellsProgramsAndPeople() throws Exception {
        post(request("process <b>", order), false);

        JsonObject one = new JsonObject(get("/api/traces/" + TRACE).body());
        List<Trace> ofOrder =
                TraceSink.read(new JsonObject(get("/api/traces?order=" + order).body()));

        assertThat(one.getString("traceId")).isEqualTo(TRACE);
        assertThat(ofOrder)
                .singleElement()
                .satisfies(trace -> assertThat(trace.spans())
                        .isEqualTo(sink.find(TRACE).orElseThrow().spans()));
        assertThat(get("/").body()).contains("/trace/" + TRACE).doesNotContain("<b>");
        assertThat(get("/trace/" + TRACE).body()).contains("process &lt;b&gt;").doesNotContain("<b>");
        assertThat(get("/api/traces/unknown").statusCode()).isEqualTo(404);
        assertThat(get("/trace/unknown").statusCode()).isEqualTo(404);
    }

    @Test
    void refusesWhatIsNoOtlpOrTooMuchOfIt() throws Exception {
        assertThat(post("no protobuf".getBytes(java.nio.charset.StandardCharsets.UTF_8), false)
                        .statusCode())
                .isEqualTo(400);
        assertThat(post(new byte[] {1, 2, 3}, true).statusCode()).isEqualTo(400);
        assertThat(post(packed(new byte[17 << 20]), true).statusCode()).isEqualTo(400);
        assertThat(post(new byte[5 << 20], false).statusCode()).isEqualTo(413);
    }

    @Test
    void printsTheTreeOfAnOrder() throws Exception {
        post(request("charge", order), false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int code = TraceOrder.run(List.of(order.toString()), at, true, new PrintStream(out, true));

        assertThat(code).isZero();
        assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8))
                .contains("* ", "payment-service", "charge  ERROR boom", at + "/trace/" + TRACE);
    }

    @Test
    void saysWhatIsMissing() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true);
        String id = order.toString();
        URI nobody = URI.create("http://" + Sockets.HOST + ":" + Sockets.free(1).getFirst());

        assertThatThrownBy(() -> TraceOrder.run(List.of(), at, true, nowhere)).hasMessageContaining("Which order?");
        assertThatThrownBy(() -> TraceOrder.run(List.of("42"), at, true, nowhere))
                .hasMessageContaining("no order id");
        assertThatThrownBy(() -> TraceOrder.run(List.of(id), at, false, nowhere))
                .hasMessageContaining("No fleet runs");
        assertThatThrownBy(() -> TraceOrder.run(List.of(id), nobody, true, nowhere))
                .hasMessageContaining("--observe");
        assertThatThrownBy(() -> TraceOrder.run(List.of(id), at, true, nowhere))
                .hasMessageContaining("no trace of order " + id);
    }

    private static byte[] request(String name, UUID order) {
        var span = io.opentelemetry.proto.trace.v1.Span.newBuilder()
                .setTraceId(hex(TRACE))
                .setSpanId(hex(SPAN))
                .setParentSpanId(hex("00f067aa0ba902b7"))
                .setName(name)
                .setKind(io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_CONSUMER)
                .setStartTimeUnixNano(1_795_673_062_000_000_000L)
                .setEndTimeUnixNano(1_795_673_062_005_000_000L)
                .addAttributes(text(Span.ORDER, order.toString()))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("saga.attempt")
                        .setValue(AnyValue.newBuilder().setIntValue(2)))
                .setStatus(Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage("boom"))
                .addLinks(io.opentelemetry.proto.trace.v1.Span.Link.newBuilder()
                        .setTraceId(hex(TRACE))
                        .setSpanId(hex(SPAN))
                        .addAttributes(text("caravan.link", "retry")))
                .addEvents(io.opentelemetry.proto.trace.v1.Span.Event.newBuilder()
                        .setName("exception")
                        .addAttributes(text("exception.type", "X")));
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder().addAttributes(text("service.name", "payment-service")))
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
                .build()
                .toByteArray();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static ByteString hex(String text) {
        return ByteString.copyFrom(HexFormat.of().parseHex(text));
    }

    private static byte[] packed(byte[] body) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body);
        }
        return packed.toByteArray();
    }

    private HttpResponse<String> post(byte[] body, boolean gzip) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at.resolve("/v1/traces"))
                .header("Content-Type", "application/x-protobuf")
                .POST(BodyPublishers.ofByteArray(body));
        return client.send(
                (gzip ? request.header("Content-Encoding", "gzip") : request).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(at.resolve(path)).build(), BodyHandlers.ofString());
    }
}
