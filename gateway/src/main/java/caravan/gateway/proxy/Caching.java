package caravan.gateway.proxy;

import java.util.List;

/** What a cache may do for a route. */
public sealed interface Caching {

    Caching NONE = new None();

    /** Nothing: who asks matters, or what is asked is done. */
    record None() implements Caching {}

    /** An answer is one thing: it has a date of its own, and each look at it counts. */
    record One() implements Caching {}

    /**
     * An answer is a list. A thing may leave it and leave nothing behind, so that only its tag tells whether it is the same.
     *
     * @param parameters those of the query that choose what is in it; others mean nothing
     */
    record Many(List<String> parameters) implements Caching {}

    /**
     * What is changed is what answers are made of: of its own path, of those above it, and of lists.
     *
     * @param lists paths that it may be in
     */
    record Edits(List<String> lists) implements Caching {}
}
