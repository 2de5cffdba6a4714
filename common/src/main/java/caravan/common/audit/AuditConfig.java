package caravan.common.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What may be tuned about looking at one's own rows, under {@code caravan.audit}. */
@ConfigMapping(prefix = "caravan.audit")
public interface AuditConfig {

    /** Off, nothing is looked at and no violation is counted. */
    @WithDefault("true")
    boolean enabled();

    /** The pause between looks; longer where a look takes long: see {@link AuditRounds}. */
    @WithDefault("10s")
    Duration every();

    /** Rows of one look. 2,000 each 10 s are a million in 83 minutes, and a look is a few milliseconds along a primary key. */
    @WithDefault("2000")
    int page();

    /**
     * What part of the time a kind of look may take: half a percent of a core, however large the tables are. A look that took long
     * is followed by a pause that makes up for it.
     */
    @WithDefault("0.005")
    double share();

    /** A statement that takes longer is given up. Most take milliseconds; stock reads every reservation, some millions a second. */
    @WithDefault("10s")
    Duration longestStatement();

    /** How long a violation must be seen before it is one. Races between two reads are over within milliseconds. */
    @WithDefault("30s")
    Duration confirmAfter();

    /**
     * The same for what may only be late, such as a view whose events are under way. Longer than a restart of whatever it waits for;
     * consumers that stand still longer have alerts of their own.
     */
    @WithDefault("5m")
    Duration patience();
}
