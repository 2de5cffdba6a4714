package caravan.gateway.proxy;

/** What a client is told instead of an answer while a service is away or full; each has its page under /problems. */
public enum Fallback {
    /** Nothing was done: the same request may come again, writes under the same Idempotency-Key. */
    COME_BACK("the %s service takes no requests at the moment: nothing was done, come back later"),
    /** A copy is shown meanwhile: that of our cache, if it has one; else what the client or a cache in between still has. */
    SHOW_WHAT_YOU_HAVE("the %s service is away: a copy from up to five minutes ago may be shown meanwhile"),
    /** The stream is lost, not the order. */
    POLL_INSTEAD("no more streams of the %s service at the moment: ask for the order itself, or reconnect later");

    private final String detail;

    Fallback(String detail) {
        this.detail = detail;
    }

    String detail(Target target) {
        return detail.formatted(target.label());
    }
}
