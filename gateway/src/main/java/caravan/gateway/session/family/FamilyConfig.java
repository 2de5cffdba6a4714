package caravan.gateway.session.family;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "caravan.gateway.session")
interface FamilyConfig {

    /** A session that is not refreshed for so long ends. */
    @WithDefault("7d")
    Duration idle();

    /** Every session ends so long after its login. */
    @WithDefault("30d")
    Duration absolute();

    /** How long the previous refresh token still gets the same successor: parallel tabs, a client that tries again. */
    @WithDefault("10s")
    Duration grace();

    /** An ended session must stop on every gateway within a second, twice this. */
    @WithDefault("500ms")
    Duration denyPoll();

    /** How long an answer may wait for Redis to hear of an ended session. The table is the truth. */
    @WithDefault("50ms")
    Duration denyMarkTimeout();

    /** How often what was seen is written. Far below the grace, within which it does not matter. */
    @WithDefault("200ms")
    Duration seenFlush();

    /** How often rows that nobody needs any more are removed. */
    @WithDefault("1m")
    Duration sweepEvery();
}
