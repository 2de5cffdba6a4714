package caravan.gateway.limit;

/** What a policy does to a request that it has no tokens for. */
enum Mode {
    ENFORCE,
    /** Counts it and lets it pass: how a new limit is tried out. */
    SHADOW,
    OFF
}
