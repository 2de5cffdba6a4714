package caravan.fleet.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * The traces that came last. Whole ones go, the oldest first, so that none is ever half gone; of one that grows without end what
 * comes beyond a bound is not kept. Safe for use by several threads.
 */
public final class TraceStore {

    /** Some 40 MB, and the traces of five hundred orders. */
    public static final int MOST_SPANS = 20_000;

    private static final int MOST_OF_ONE = 2_000;

    private final int mostSpans;
    // Guarded by this. In the order of their first spans.
    private final SequencedMap<String, List<Span>> traces = new LinkedHashMap<>();
    private int spans;

    public TraceStore() {
        this(MOST_SPANS);
    }

    TraceStore(int mostSpans) {
        this.mostSpans = mostSpans;
    }

    public synchronized void add(List<Span> finished) {
        for (Span span : finished) {
            List<Span> trace = traces.computeIfAbsent(span.traceId(), _ -> new ArrayList<>());
            if (trace.size() < MOST_OF_ONE) {
                trace.add(span);
                spans++;
            }
        }
        while (spans > mostSpans && traces.size() > 1) {
            spans -= traces.pollFirstEntry().getValue().size();
        }
    }

    public synchronized int spans() {
        return spans;
    }

    public synchronized Optional<Trace> find(String id) {
        return Optional.ofNullable(traces.get(id)).map(found -> new Trace(id, found));
    }

    /** The traces that tell of an order: its own comes first, then those of requests about it. */
    public synchronized List<Trace> ofOrder(String order) {
        return traces.entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .anyMatch(span -> span.attribute(Span.ORDER).equals(order)))
                .map(entry -> new Trace(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Newest first. A poll is a trace of its own and tells nothing by itself: without those. */
    public synchronized List<Trace> newest(int limit) {
        return traces.sequencedEntrySet().reversed().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(span -> !span.isRoot() || isRequest(span)))
                .limit(limit)
                .map(entry -> new Trace(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static boolean isRequest(Span span) {
        return span.kind() == Span.Kind.SERVER;
    }
}
