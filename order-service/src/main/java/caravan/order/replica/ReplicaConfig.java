package caravan.order.replica;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What may be tuned about reads on the replica. Where it is say {@code caravan.db.replica.host}, {@code port} and {@code name}. */
@ConfigMapping(prefix = "caravan.order.replica")
interface ReplicaConfig {

    /** Off, everything is read on the primary, as without a replica. */
    @WithDefault("true")
    boolean enabled();

    /**
     * How often both nodes are asked where they are. As late may a replica that falls behind be noticed, which is why it is
     * a small part of {@link #mostLag}; eight statements a second that touch no table are about half a percent of a core.
     */
    @WithDefault("250ms")
    Duration lookEvery();

    /** How old a read without a token may be. A healthy replica is milliseconds behind; at two seconds people see it. */
    @WithDefault("2s")
    Duration mostLag();

    /** How long it must have been less than half of that behind to come back: one that swings is worse than none. */
    @WithDefault("1s")
    Duration backAfter();

    /** How long a read waits until the replica has what its token names. A commit takes some ten milliseconds to get there. */
    @WithDefault("50ms")
    Duration tokenWait();

    /** How often the replica is asked while somebody waits for it: one statement for all who wait. */
    @WithDefault("5ms")
    Duration tokenLookEvery();

    /** A read takes a millisecond or two. A replica that needs this long is not there, and the primary is asked. */
    @WithDefault("1s")
    Duration patience();
}
