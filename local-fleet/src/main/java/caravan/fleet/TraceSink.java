package caravan.fleet;

import caravan.fleet.trace.Otlp;
import caravan.fleet.trace.Span;
import caravan.fleet.trace.Trace;
import caravan.fleet.trace.TracePage;
import caravan.fleet.trace.TraceStore;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPInputStream;

/**
 * A trace collector that keeps what came last in memory, at most {@link TraceStore#MOST_SPANS} spans: OTLP over HTTP in protobuf, plain or gzip. {@code GET /} and
 * {@code GET /trace/{id}} for people, {@code GET /api/traces/{id}} and {@code GET /api/traces?order=} for programs.
 */
public final class TraceSink implements AutoCloseable {
    private static final int BODY_LIMIT_BYTES = 4 << 20;

    /** What a body may become: a batch of 512 spans is a tenth of it. */
    private static final int UNPACKED_LIMIT_BYTES = 16 << 20;

    private static final int LISTED = 100;
    private static final String TRACE_PAGE = "/trace/";
    private static final String TRACES = "/api/traces";

    private final LocalHttp http = new LocalHttp("the trace sink");
    private final TraceStore store = new TraceStore();

    private TraceSink() {}

    /**
     * Listens on 127.0.0.1.
     *
     * @throws FleetException when the port is taken
     */
    public static TraceSink start(int port) {
        Sockets.requireFree(port, "the trace sink");
        TraceSink sink = new TraceSink();
        try {
            sink.http.listen(port, sink::handle);
            return sink;
        } catch (RuntimeException e) {
            sink.close();
            throw e;
        }
    }

    public Optional<Trace> find(String traceId) {
        return store.find(traceId);
    }

    /** The traces with a span that tells of the order; its own comes first. */
    public List<Trace> ofOrder(UUID order) {
        return store.ofOrder(order.toString());
    }

    /** Newest first. */
    public List<Trace> newest(int limit) {
        return store.newest(limit);
    }

    @Override
    public void close() {
        http.close();
    }

    private void handle(HttpServerRequest request) {
        String path = request.path();
        if (path.equals("/v1/traces")) {
            LocalHttp.bytes(request, BODY_LIMIT_BYTES, body -> take(request, body));
        } else if (path.equals("/")) {
            LocalHttp.text(request, 200, "text/html", TracePage.list(store.newest(LISTED), TraceStore.MOST_SPANS));
        } else if (path.startsWith(TRACE_PAGE)) {
            page(request, path.substring(TRACE_PAGE.length()));
        } else if (path.equals(TRACES)) {
            traces(request);
        } else if (path.startsWith(TRACES + "/")) {
            trace(request, path.substring(TRACES.length() + 1));
        } else {
            LocalHttp.json(request, 404, new JsonObject().put("status", "no-such-page"));
        }
    }

    private void take(HttpServerRequest request, Buffer body) {
        try {
            store.add(Otlp.read(unpacked(request, body.getBytes())));
            // An empty message: everything was taken (OTLP 1.x, "full success").
            LocalHttp.text(request, 200, "application/x-protobuf", "");
        } catch (IOException | IllegalArgumentException e) {
            LocalHttp.json(
                    request, 400, new JsonObject().put("status", "unreadable").put("detail", e.getMessage()));
        }
    }

    private static byte[] unpacked(HttpServerRequest request, byte[] body) throws IOException {
        if (!"gzip".equalsIgnoreCase(request.getHeader("Content-Encoding"))) {
            return body;
        }
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] unpacked = plain.readNBytes(UNPACKED_LIMIT_BYTES + 1);
            if (unpacked.length > UNPACKED_LIMIT_BYTES) {
                throw new IOException("more than " + UNPACKED_LIMIT_BYTES + " bytes");
            }
            return unpacked;
        }
    }

    private void page(HttpServerRequest request, String id) {
        store.find(id)
                .ifPresentOrElse(
                        trace -> LocalHttp.text(request, 200, "text/html", TracePage.one(trace)),
                        () -> LocalHttp.text(request, 404, "text/plain", "This trace is not kept (any more)."));
    }

    private void trace(HttpServerRequest request, String id) {
        store.find(id)
                .ifPresentOrElse(
                        trace -> LocalHttp.json(request, 200, json(trace)),
                        () -> LocalHttp.json(request, 404, new JsonObject().put("status", "no-such-trace")));
    }

    private void traces(HttpServerRequest request) {
        String order = request.getParam("order", "");
        List<Trace> found = order.isEmpty() ? store.newest(LISTED) : store.ofOrder(order);
        JsonArray traces = new JsonArray();
        found.forEach(trace -> traces.add(json(trace)));
        LocalHttp.json(request, 200, new JsonObject().put("traces", traces));
    }

    private static JsonObject json(Trace trace) {
        JsonArray spans = new JsonArray();
        trace.spans().forEach(span -> spans.add(json(span)));
        return new JsonObject().put("traceId", trace.id()).put("spans", spans);
    }

    private static JsonObject json(Span span) {
        JsonArray links = new JsonArray();
        span.links()
                .forEach(link -> links.add(new JsonObject()
                        .put("traceId", link.traceId())
                        .put("spanId", link.spanId())
                        .put("why", link.why())));
        JsonObject attributes = new JsonObject();
        span.attributes().forEach(attributes::put);
        return new JsonObject()
                .put("traceId", span.traceId())
                .put("spanId", span.id())
                .put("parentSpanId", span.parentId())
                .put("name", span.name())
                .put("kind", span.kind().name())
                .put("service", span.service())
                .put("startNs", span.startNs())
                .put("endNs", span.endNs())
                .put("status", span.status())
                .put("attributes", attributes)
                .put("links", links)
                .put("events", new JsonArray(span.events()));
    }

    /** The opposite, for who asks another process. */
    static List<Trace> read(JsonObject answer) {
        return answer.getJsonArray("traces").stream()
                .map(JsonObject.class::cast)
                .map(trace -> new Trace(
                        trace.getString("traceId"),
                        trace.getJsonArray("spans").stream()
                                .map(JsonObject.class::cast)
                                .map(TraceSink::span)
                                .toList()))
                .toList();
    }

    private static Span span(JsonObject json) {
        java.util.Map<String, String> attributes = new java.util.LinkedHashMap<>();
        json.getJsonObject("attributes").forEach(each -> attributes.put(each.getKey(), (String) each.getValue()));
        return new Span(
                json.getString("traceId"),
                json.getString("spanId"),
                json.getString("parentSpanId"),
                json.getString("name"),
                Span.Kind.valueOf(json.getString("kind")),
                json.getString("service"),
                json.getLong("startNs"),
                json.getLong("endNs"),
                attributes,
                json.getString("status"),
                json.getJsonArray("links").stream()
                        .map(JsonObject.class::cast)
                        .map(link -> new Span.Link(
                                link.getString("traceId"), link.getString("spanId"), link.getString("why")))
                        .toList(),
                json.getJsonArray("events").stream().map(String.class::cast).toList());
    }
}
