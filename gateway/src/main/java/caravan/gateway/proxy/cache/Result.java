package caravan.gateway.proxy.cache;

import java.util.Locale;

/** How a request was answered: for the metric, and for whoever looks at {@code Cache-Status} (RFC 9211). */
enum Result {
    /** From memory. */
    HIT("hit"),
    /** The service was asked, and gave an answer. */
    MISS("fwd=miss"),
    /** The service was asked, and said that what is in memory is still true. */
    REVALIDATED("fwd=stale; fwd-status=304"),
    /** The service could not be asked: from memory, beyond its time. */
    STALE("hit; detail=service-away"),
    /** Not for a cache, or past it because the client wants it so. */
    BYPASS("fwd=bypass"),
    /** Somebody else had asked the same already. */
    COLLAPSED("fwd=miss; collapsed");

    private final String status;

    Result(String status) {
        this.status = status;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String status() {
        return "caravan; " + status;
    }
}
