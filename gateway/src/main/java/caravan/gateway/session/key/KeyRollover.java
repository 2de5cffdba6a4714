package caravan.gateway.session.key;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is to be done with the keys, now. One step at a time: whoever does it looks again afterwards. */
final class KeyRollover {

    /**
     * @param rotateEvery how long a key signs
     * @param publishBefore how long it is published before: longer than any verifier keeps a key set
     * @param keepAfter how long it is published afterwards: longer than its last token lives
     */
    record Policy(Duration rotateEvery, Duration publishBefore, Duration keepAfter) {}

    sealed interface Step {
        /** A key that signs at once: only where there is none, and so no token yet. */
        record AddCurrent() implements Step {}

        record AddNext() implements Step {}

        /** The current key becomes a previous one, and the next one the current. */
        record Promote(String current, String next) implements Step {}

        record Drop(String kid) implements Step {}
    }

    private KeyRollover() {}

    static Optional<Step> decide(List<KeyAge> keys, Instant now, Policy policy) {
        Optional<KeyAge> current = in(KeyState.CURRENT, keys);
        Optional<KeyAge> next = in(KeyState.NEXT, keys);
        if (current.isEmpty()) {
            return Optional.of(new Step.AddCurrent());
        }
        if (next.isEmpty()) {
            return Optional.of(new Step.AddNext());
        }
        if (isOver(current.get(), policy.rotateEvery(), now) && isOver(next.get(), policy.publishBefore(), now)) {
            return Optional.of(new Step.Promote(current.get().kid(), next.get().kid()));
        }
        return keys.stream()
                .filter(key -> key.state() == KeyState.PREVIOUS && isOver(key, policy.keepAfter(), now))
                .findFirst()
                .map(key -> new Step.Drop(key.kid()));
    }

    private static Optional<KeyAge> in(KeyState state, List<KeyAge> keys) {
        return keys.stream().filter(key -> key.state() == state).findFirst();
    }

    private static boolean isOver(KeyAge key, Duration time, Instant now) {
        return !now.isBefore(key.since().plus(time));
    }
}
