package caravan.fleet.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjIntConsumer;

/**
 * The spans of one trace that have come so far, in the order of their starts, and the tree that they make. A span whose parent has
 * not come (yet) stands at the top like a root.
 */
public final class Trace {

    private static final Comparator<Span> BY_START =
            Comparator.comparingLong(Span::startNs).thenComparing(Span::id);

    private final String id;
    private final List<Span> spans;
    private final Map<String, Span> byId = new HashMap<>();
    private final Map<String, List<Span>> children = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();

    public Trace(String id, List<Span> spans) {
        this.id = id;
        this.spans = spans.stream().sorted(BY_START).toList();
        this.spans.forEach(span -> byId.put(span.id(), span));
        for (Span span : this.spans) {
            children.computeIfAbsent(isTop(span) ? "" : span.parentId(), _ -> new ArrayList<>())
                    .add(span);
        }
        tops().forEach(this::end);
    }

    public String id() {
        return id;
    }

    public List<Span> spans() {
        return spans;
    }

    /** Where the trace began, and what has lost its parent. */
    public List<Span> tops() {
        return children.getOrDefault("", List.of());
    }

    public List<Span> children(Span of) {
        return children.getOrDefault(of.id(), List.of());
    }

    /** Spans whose parent is not here. */
    public List<Span> orphans() {
        return spans.stream()
                .filter(span -> !span.isRoot() && !byId.containsKey(span.parentId()))
                .toList();
    }

    public long startNs() {
        return spans.isEmpty() ? 0 : spans.getFirst().startNs();
    }

    public long endNs() {
        return spans.stream().mapToLong(Span::endNs).max().orElse(0);
    }

    public long durationNs() {
        return endNs() - startNs();
    }

    /** The first order that a span tells of, or nothing. */
    public String order() {
        return spans.stream()
                .map(span -> span.attribute(Span.ORDER))
                .filter(order -> !order.isEmpty())
                .findFirst()
                .orElse("");
    }

    /**
     * The ids of the spans that the trace's duration is made of: from the beginning always on into the child whose descendants end
     * last. Each is caused by the one before, also where a message outlives what sent it.
     */
    public Set<String> criticalPath() {
        Set<String> path = new HashSet<>();
        List<Span> next = tops();
        while (!next.isEmpty()) {
            Span last = next.stream()
                    .max(Comparator.comparingLong(span -> ends.getOrDefault(span.id(), span.endNs())))
                    .orElseThrow();
            path.add(last.id());
            next = children(last);
        }
        return path;
    }

    /** Each span after its parent, with how deep it lies; siblings in the order of their starts. */
    public void walk(ObjIntConsumer<Span> visitor) {
        tops().forEach(top -> walk(top, 0, visitor));
    }

    private void walk(Span span, int depth, ObjIntConsumer<Span> visitor) {
        visitor.accept(span, depth);
        children(span).forEach(child -> walk(child, depth + 1, visitor));
    }

    /** When the span and all that came of it had ended. */
    private long end(Span span) {
        long end = span.endNs();
        for (Span child : children(span)) {
            end = Math.max(end, end(child));
        }
        ends.put(span.id(), end);
        return end;
    }

    private boolean isTop(Span span) {
        return span.isRoot() || !byId.containsKey(span.parentId());
    }
}
