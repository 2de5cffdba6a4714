package caravan.gateway.proxy.cache;

import java.time.Duration;

/** What is known of a key. */
sealed interface Slot {

    /** For how long it is worth knowing. */
    Duration life(long nowMs);

    /** In bytes. */
    int weight();

    record Held(Answer answer, Usage usage) implements Slot {

        /** An answer's objects, without what is in them, measured roughly: nobody can fill the heap with answers of no bytes. */
        private static final int OBJECTS = 1000;

        @Override
        public Duration life(long nowMs) {
            return Duration.ofMillis(Math.max(0, answer.lifetime().totalMs() - answer.ageMs(nowMs)));
        }

        @Override
        public int weight() {
            return OBJECTS + answer.bytes();
        }
    }

    /** There is an answer for each coding. */
    record Split() implements Slot {

        @Override
        public Duration life(long nowMs) {
            return Duration.ofMinutes(5);
        }

        @Override
        public int weight() {
            return MARK;
        }
    }

    /** Not for a cache: to wait for one another would only make everybody late. */
    record Open() implements Slot {

        /** An answer that has become one for everybody is asked for by each in person for no longer. */
        @Override
        public Duration life(long nowMs) {
            return Duration.ofSeconds(10);
        }

        @Override
        public int weight() {
            return MARK;
        }
    }

    int MARK = 200;
}
