package caravan.saga.ops;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What may be tuned about operators' tools, under {@code caravan.ops}. */
@ConfigMapping(prefix = "caravan.ops")
interface OpsConfig {

    /** Dead letters a second that go back, from each replica. What failed once may fail again: it must not crowd out the others. */
    @WithDefault("100")
    int replayRate();

    /** How long a dead letter is kept after somebody has decided what becomes of it. */
    @WithDefault("30d")
    Duration keepLetters();
}
