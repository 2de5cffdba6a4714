package caravan.saga.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** What may be tuned about judging ended sagas, under {@code caravan.saga.audit}; the rest is {@code caravan.audit}'s. */
@ConfigMapping(prefix = "caravan.saga.audit")
interface SagaAuditConfig {

    /** With {@link #page}: 200 sagas a second, twice what this fleet is to carry. */
    @WithDefault("5s")
    Duration every();

    /** Sagas of one look, at most {@link caravan.audit.AskedOrders#MOST}: six statements and five requests. */
    @WithDefault("1000")
    int page();

    /** How long ago a saga must have ended. Its last event reaches the view within a second; this leaves room for a restart. */
    @WithDefault("60s")
    Duration after();

    /** Who is further behind than that skips ahead, and counts what it skipped: an old order can still be judged by hand. */
    @WithDefault("1h")
    Duration mostBehind();

    /** How long a participant may take for a page, which costs it some ten milliseconds. */
    @WithDefault("5s")
    Duration timeout();

    /** How often a page is asked for until it is skipped: with {@link #every} ten minutes, in which a service is back. */
    @WithDefault("120")
    int tries();

    /** An order is announced again and again until a saga takes it up. Whoever has none by then, and no backlog, is told of it. */
    @WithDefault("15m")
    Duration unclaimedAfter();

    @WithDefault("http://localhost:8081")
    URI ordersUrl();

    @WithDefault("http://localhost:8082")
    URI inventoryUrl();

    @WithDefault("http://localhost:8083")
    URI paymentsUrl();

    @WithDefault("http://localhost:8084")
    URI shipmentsUrl();

    @WithDefault("http://localhost:8085")
    URI notificationsUrl();
}
