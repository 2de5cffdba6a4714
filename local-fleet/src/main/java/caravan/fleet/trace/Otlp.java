package caravan.fleet.trace;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an OTLP exporter sends (opentelemetry-proto, trace/v1). */
public final class Otlp {

    private static final HexFormat HEX = HexFormat.of();
    private static final String WHY = "caravan.link";

    private Otlp() {}

    /**
     * The spans of an export request.
     *
     * @throws IllegalArgumentException for what is none
     */
    public static List<Span> read(byte[] request) {
        try {
            List<Span> spans = new ArrayList<>();
            for (ResourceSpans resource :
                    ExportTraceServiceRequest.parseFrom(request).getResourceSpansList()) {
                String service = text(resource.getResource().getAttributesList(), "service.name");
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    scope.getSpansList().forEach(span -> spans.add(span(service, span)));
                }
            }
            return spans;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("no OTLP: " + e.getMessage(), e);
        }
    }

    private static Span span(String service, io.opentelemetry.proto.trace.v1.Span from) {
        return new Span(
                hex(from.getTraceId()),
                hex(from.getSpanId()),
                hex(from.getParentSpanId()),
                from.getName(),
                kind(from.getKind()),
                service,
                from.getStartTimeUnixNano(),
                from.getEndTimeUnixNano(),
                attributes(from.getAttributesList()),
                status(from.getStatus()),
                from.getLinksList().stream()
                        .map(link -> new Span.Link(
                                hex(link.getTraceId()), hex(link.getSpanId()), text(link.getAttributesList(), WHY)))
                        .toList(),
                from.getEventsList().stream().map(Otlp::event).toList());
    }

    private static Span.Kind kind(io.opentelemetry.proto.trace.v1.Span.SpanKind kind) {
        return switch (kind) {
            case SPAN_KIND_SERVER -> Span.Kind.SERVER;
            case SPAN_KIND_CLIENT -> Span.Kind.CLIENT;
            case SPAN_KIND_PRODUCER -> Span.Kind.PRODUCER;
            case SPAN_KIND_CONSUMER -> Span.Kind.CONSUMER;
            case SPAN_KIND_INTERNAL, SPAN_KIND_UNSPECIFIED, UNRECOGNIZED -> Span.Kind.INTERNAL;
        };
    }

    private static String status(Status status) {
        if (status.getCode() != Status.StatusCode.STATUS_CODE_ERROR) {
            return "";
        }
        return status.getMessage().isEmpty() ? "error" : status.getMessage();
    }

    private static String event(io.opentelemetry.proto.trace.v1.Span.Event event) {
        Map<String, String> attributes = attributes(event.getAttributesList());
        return attributes.isEmpty() ? event.getName() : event.getName() + " " + attributes;
    }

    private static Map<String, String> attributes(List<KeyValue> from) {
        Map<String, String> attributes = new LinkedHashMap<>();
        // One text for a name that stands in every span.
        from.forEach(each -> attributes.put(each.getKey().intern(), text(each.getValue())));
        return attributes;
    }

    private static String text(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(each -> each.getKey().equals(key))
                .map(each -> text(each.getValue()))
                .findFirst()
                .orElse("");
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            case INT_VALUE -> String.valueOf(value.getIntValue());
            case DOUBLE_VALUE -> String.valueOf(value.getDoubleValue());
            case ARRAY_VALUE ->
                value.getArrayValue().getValuesList().stream()
                        .map(Otlp::text)
                        .toList()
                        .toString();
            case KVLIST_VALUE ->
                attributes(value.getKvlistValue().getValuesList()).toString();
            case BYTES_VALUE -> hex(value.getBytesValue());
            default -> "";
        };
    }

    private static String hex(ByteString bytes) {
        return HEX.formatHex(bytes.toByteArray());
    }
}
