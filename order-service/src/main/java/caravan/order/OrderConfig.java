package caravan.order;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

@ConfigMapping(prefix = "caravan.order")
interface OrderConfig {

    /** Signs list cursors. Replicas must share it: without one each process makes its own and refuses the others' cursors. */
    Optional<String> cursorSecret();

    Accept accept();

    Sweep sweep();

    Watch watch();

    Cancel cancel();

    Rebuild rebuild();

    interface Accept {

        /** Orders in one transaction. More would make the first wait for the last without saving much of a commit. */
        @WithDefault("128")
        int maxBatch();

        /** About two seconds of work: who comes later is better told to come again. */
        @WithDefault("1000")
        int maxWaiting();

        /** One batch fills while the other waits for the disk. */
        @WithDefault("2")
        int maxUnderWay();

        /** Least time between the starts of two transactions; an order that comes alone waits for nothing. */
        @WithDefault("20ms")
        Duration gap();
    }

    interface Cancel {

        /** How long a cancellation waits for the word that the parcel has left. The saga decides in well under a second. */
        @WithDefault("2s")
        Duration decisionWithin();

        @WithDefault("100ms")
        Duration lookEvery();

        /** Each looks ten times a second; who comes when so many wait gets its 202 at once. */
        @WithDefault("200")
        int maxWaiting();
    }

    interface Sweep {

        @WithDefault("10s")
        Duration every();

        /** A saga shows up within a second; after this long the event is said again. */
        @WithDefault("30s")
        Duration after();

        /** Orders announced again in one sweep. */
        @WithDefault("200")
        int maxBatch();

        /** With more than this waiting in the outbox the relay is behind, and more of the same would not help. */
        @WithDefault("1000")
        int maxBacklog();
    }

    /** The read model made anew from the topics. */
    interface Rebuild {

        /** How long it rests after each step, as a multiple of the step: at one it takes half of a core at most, and of a connection. */
        @WithDefault("1")
        int rest();
    }

    /** Requests that wait for an order: {@code Prefer: wait}, and the streams of its events. */
    interface Watch {

        /** Each is a connection and about a kilobyte; all of them together are one query of about 50 ms. */
        @WithDefault("10000")
        int max();

        /** How late the change of another replica may be noticed: what a person hardly sees, five small queries a second. */
        @WithDefault("200ms")
        Duration every();

        /** Proxies cut connections on which nothing moves, many after 30 or 60 seconds. */
        @WithDefault("15s")
        Duration heartbeat();

        /** What a stream tells its client about coming again: soon, but not while the replica it had is still stopping. */
        @WithDefault("2s")
        Duration retry();

        /** As long as an access token lives. The client comes again where it was, and shows a token that holds. */
        @WithDefault("15M")
        Duration longest();

        /** A client that does not take one small write in this time is cut off, and can come again. */
        @WithDefault("30s")
        Duration slowest();
    }
}
