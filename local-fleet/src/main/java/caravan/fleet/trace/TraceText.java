package caravan.fleet.trace;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A trace for a terminal: one line for each span, children under their parents. */
public final class TraceText {

    private TraceText() {}

    public static String of(Trace trace) {
        Set<String> critical = trace.criticalPath();
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "trace %s: %d spans, %s; * is the critical path%n%n",
                trace.id(),
                trace.spans().size(),
                millis(trace.durationNs())));
        text.append(String.format("      at         took  service               span%n"));
        trace.walk((span, depth) -> text.append(line(trace, span, depth, critical.contains(span.id()))));
        List<Span> orphans = trace.orphans();
        if (!orphans.isEmpty()) {
            text.append(
                    String.format("%n%d spans stand at the left because their parent has not come.%n", orphans.size()));
        }
        return text.toString();
    }

    private static String line(Trace trace, Span span, int depth, boolean critical) {
        return String.format(
                Locale.ROOT,
                "%s %10s %10s  %-20s  %s%s%s%n",
                critical ? "*" : " ",
                "+" + millis(span.startNs() - trace.startNs()),
                millis(span.durationNs()),
                span.service(),
                " ".repeat(depth) + span.name(),
                span.failed() ? "  ERROR " + span.status() : "",
                links(trace, span));
    }

    /** A poll is on every span of a message. */
    private static String links(Trace trace, Span span) {
        return span.links().stream()
                .filter(link -> !link.why().equals("poll"))
                .map(link -> "  -> "
                        + (link.why().isEmpty() ? "link" : link.why())
                        + (link.traceId().equals(trace.id()) ? "" : " in trace " + link.traceId()))
                .distinct()
                .collect(Collectors.joining());
    }

    static String millis(long ns) {
        return String.format(Locale.ROOT, "%.1f ms", ns / 1e6);
    }
}
