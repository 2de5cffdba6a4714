package caravan.common.cache;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What may be tuned about a {@link CacheAside}; a service puts it into its own configuration. */
public interface CacheConfig {

    /** Off: every read goes to the database, and nothing is protected from herds. */
    @WithDefault("true")
    boolean enabled();

    /** From its load on. Short beside what HTTP allows (60 s), so that stock is seldom far off; a hot key costs six loads a minute. */
    @WithDefault("10s")
    Duration freshFor();

    /**
     * From its load on; nothing is given out that is older, whatever happens. Between fresh and this an entry is given out only while
     * somebody loads. Below the 60 s for which an answer may be kept.
     */
    @WithDefault("50s")
    Duration deadAfter();

    /** That there is nothing. Shorter: somebody may be waiting for it to appear, and junk must not fill the memory. */
    @WithDefault("2s")
    Duration absentFor();

    /** Lives are shorter by up to this part of them, by chance: what was loaded together must not be due together. */
    @WithDefault("0.1")
    double jitter();

    /** Whether a hot entry is loaded anew shortly before its life ends, while all are still given the old one. */
    @WithDefault("true")
    boolean earlyRefresh();

    /** On: a write puts its outcome into the cache. Off: it removes the entry, and the next read loads. */
    @WithDefault("true")
    boolean writeThrough();

    LeaseConfig lease();

    Load load();

    interface LeaseConfig {

        /** Off: every process loads for itself. */
        @WithDefault("true")
        boolean enabled();

        /**
         * How long others wait for a loader that has died. It is renewed three times as often, so that a loader may be held up (a
         * collection, a busy machine) for two seconds without losing it.
         */
        @WithDefault("3s")
        Duration life();
    }

    interface Load {

        /** Half of the connections to the database: the rest is for those who do not read the catalogue. */
        @WithDefault("4")
        int atOnce();

        /** Keys that are being loaded or waited for in this process; who wants one more is told to come later. */
        @WithDefault("10000")
        int mostKeys();

        /** A load that takes longer counts as failed, and another may begin: a lost connection must not hold a key for ever. */
        @WithDefault("10s")
        Duration longest();

        /** How long a reader waits for a load, its own or somebody else's. Below the 3 s after which the gateway gives up. */
        @WithDefault("2500ms")
        Duration waitAtMost();

        /** How often a process looks whether another one has loaded; in the mean, and by chance between half of it and one and a half. */
        @WithDefault("25ms")
        Duration pollEvery();
    }
}
