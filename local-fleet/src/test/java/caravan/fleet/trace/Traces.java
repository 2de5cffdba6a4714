package caravan.fleet.trace;

import java.util.List;
import java.util.Map;

/** Spans of tests: times are milliseconds since the trace began. */
final class Traces {

    private static final long BEGAN_NS = 1_795_673_062_000_000_000L;

    private Traces() {}

    static Span span(String trace, String id, String parent, int startMs, int endMs) {
        return span(trace, id, parent, startMs, endMs, "");
    }

    static Span span(String trace, String id, String parent, int startMs, int endMs, String order) {
        return new Span(
                trace,
                id,
                parent,
                "name of " + id,
                Span.Kind.SERVER,
                "service",
                BEGAN_NS + startMs * 1_000_000L,
                BEGAN_NS + endMs * 1_000_000L,
                order.isEmpty() ? Map.of() : Map.of(Span.ORDER, order),
                "",
                List.of(),
                List.of());
    }
}
