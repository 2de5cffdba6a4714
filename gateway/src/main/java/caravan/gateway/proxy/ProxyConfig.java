package caravan.gateway.proxy;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What may be tuned about the way to the services, under {@code caravan.gateway}. */
@ConfigMapping(prefix = "caravan.gateway")
interface ProxyConfig {

    @WithDefault("http://localhost:8081")
    URI ordersUrl();

    @WithDefault("http://localhost:8082")
    URI inventoryUrl();

    @WithDefault("http://localhost:8086")
    URI sagasUrl();

    /** A service on the same network that takes longer than this to accept a connection is not there. */
    @WithDefault("1s")
    Duration connectTimeout();

    /** Until the head of an answer. {@code Prefer: wait=N} adds N seconds. */
    @WithDefault("3s")
    Duration deadline();

    /** From the head of an answer to its end: a client that does not read must not keep a place for ever. */
    @WithDefault("30s")
    Duration answerWithin();

    /** For the body of a request: 256 KiB over a bad line, and no more patience than that. */
    @WithDefault("30s")
    Duration uploadWithin();

    /** What a client is told to wait when a service is away and its breaker still closed: about as long as a restart. */
    @WithDefault("2s")
    Duration retryAfter();

    /** All header lines together, in bytes. */
    @WithDefault("16384")
    int maxHeaders();

    /** Proxies in front of us, as addresses or CIDR blocks: only they are believed what they say in X-Forwarded-For. */
    Optional<List<String>> trustedProxies();

    /** Browsers' pages from these origins may call us: {@code https://shop.example}. */
    Optional<List<String>> corsOrigins();

    Bulkheads bulkhead();

    BreakerRules breaker();

    RetryPolicy retry();

    AdmissionRules admission();

    /** Requests under way at once. One more waits, if there is room, and is refused if there is none. */
    interface Bulkheads {

        /** The batches of order-service are fed by requests under way: fewer would make them smaller. */
        @WithDefault("128")
        int order();

        /** Catalogue answers take milliseconds: 20 under way are thousands a second. */
        @WithDefault("20")
        int inventory();

        /** People. */
        @WithDefault("20")
        int saga();

        /** Of people who wait, per service: event streams and Prefer: wait. A place is a connection that is idle nearly always. */
        @WithDefault("2048")
        int streams();

        /**
         * Of these for one caller, at one gateway: somebody with a shop open in many windows has enough, and to take all of
         * them takes 64 accounts.
         */
        @WithDefault("32")
        int streamsEach();

        /** How many may wait for a place, as a multiple of the places. */
        @WithDefault("4")
        int waiting();

        /** Longer, and an answer would come too late for the client's patience. */
        @WithDefault("1s")
        Duration patience();
    }

    interface BreakerRules {

        /** Calls that are looked at. */
        @WithDefault("20")
        int window();

        @WithDefault("0.5")
        double ratio();

        @WithDefault("30s")
        Duration openFor();
    }

    interface RetryPolicy {

        /** Besides the first try. */
        @WithDefault("2")
        int most();

        /** Doubled for the second; as much again at random, so that many do not come at once. */
        @WithDefault("25ms")
        Duration backoff();

        /** Retries as a part of all requests: in an outage they would be load and no help. */
        @WithDefault("0.2")
        double budget();
    }

    interface AdmissionRules {

        /** How soon sagas shall have ended. */
        @WithDefault("5s")
        Duration within();

        /** So many may be open whatever was measured: a fleet that has just woken has a rate of nothing. */
        @WithDefault("2000")
        int floor();

        @WithDefault("1s")
        Duration pollEvery();
    }
}
