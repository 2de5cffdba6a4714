package caravan.fleet.trace;

import java.util.List;
import java.util.Map;

/**
 * A finished span.
 *
 * @param parentId empty for a root
 * @param service who made it
 * @param startNs and {@code endNs}: since the epoch, by the clock of its process
 * @param attributes values as text
 * @param status empty unless it failed; then what it says of that, at least {@code error}
 */
public record Span(
        String traceId,
        String id,
        String parentId,
        String name,
        Kind kind,
        String service,
        long startNs,
        long endNs,
        Map<String, String> attributes,
        String status,
        List<Link> links,
        List<String> events) {

    public enum Kind {
        INTERNAL,
        SERVER,
        CLIENT,
        PRODUCER,
        CONSUMER
    }

    /** To a span of this trace or another one. {@code why}: one word of whoever made it, may be empty. */
    public record Link(String traceId, String spanId, String why) {}

    public static final String ORDER = "order.id";

    public Span {
        attributes = Map.copyOf(attributes);
        links = List.copyOf(links);
        events = List.copyOf(events);
    }

    public boolean failed() {
        return !status.isEmpty();
    }

    public boolean isRoot() {
        return parentId.isEmpty();
    }

    public long durationNs() {
        return Math.max(0, endNs - startNs);
    }

    public String attribute(String key) {
        return attributes.getOrDefault(key, "");
    }
}
