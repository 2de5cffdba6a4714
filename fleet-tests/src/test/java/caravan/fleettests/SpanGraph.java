package caravan.fleettests;

import caravan.fleet.trace.Span;
import caravan.fleet.trace.Trace;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A trace without what differs from run to run: who made a span, its kind, its name, whether it failed, what it is linked to, and under
 * which span it stands. Siblings are in the order of the alphabet.
 */
final class SpanGraph {

    private SpanGraph() {}

    static String of(Trace trace) {
        return lines(trace, trace.tops(), "");
    }

    private static String lines(Trace trace, List<Span> siblings, String indent) {
        return siblings.stream()
                .map(span -> indent + line(trace, span) + "\n" + lines(trace, trace.children(span), indent + "  "))
                .sorted()
                .collect(Collectors.joining());
    }

    private static String line(Trace trace, Span span) {
        return span.service() + " " + span.kind() + " " + span.name()
                + (span.failed() ? " FAILED" : "")
                + links(trace, span);
    }

    /** Every span of a message has one to its poll: told apart, see {@code TraceScenarioIT}. */
    private static String links(Trace trace, Span span) {
        return span.links().stream()
                .filter(link -> !link.why().equals("poll"))
                .map(link -> " -> " + link.why() + " of " + nameOf(trace, link))
                .sorted()
                .collect(Collectors.joining());
    }

    private static String nameOf(Trace trace, Span.Link link) {
        return trace.spans().stream()
                .filter(span -> span.id().equals(link.spanId()))
                .map(Span::name)
                .findFirst()
                .orElse("another trace");
    }
}
