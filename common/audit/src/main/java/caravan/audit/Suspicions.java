package caravan.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What looks wrong in a fleet at work, until a later look is sure. Facts are read one database after the other while orders go on:
 * what is seen once may be a race, what is still there after a while is not. Each violation is given once.
 *
 * <p>Bounded: past {@link #MOST} suspicions new ones wait for another look, past {@link #MOST} certainties the oldest is
 * forgotten and might be given again. Not thread-safe.
 */
public final class Suspicions {

    /** Far more than anybody reads; a megabyte or two. */
    static final int MOST = 10_000;

    private record Key(Invariant invariant, String subject) {}

    private final Duration confirmAfter;
    private final Duration patience;
    private final int most;
    private final Map<Key, Instant> since = new LinkedHashMap<>();
    private final Map<String, Instant> nextLook = new LinkedHashMap<>();
    private final Set<Key> certain = new LinkedHashSet<>();

    /**
     * Without any.
     *
     * @param confirmAfter how long a violation must be seen
     * @param patience the same for one that may be late
     */
    public Suspicions(Duration confirmAfter, Duration patience) {
        this(confirmAfter, patience, MOST);
    }

    Suspicions(Duration confirmAfter, Duration patience, int most) {
        this.confirmAfter = confirmAfter;
        this.patience = patience;
        this.most = most;
    }

    /**
     * Takes what a look has found.
     *
     * @param judged whom it has looked at: what it does not find wrong with them is well
     * @return what is certain now, each once
     */
    public List<Violation> looked(Collection<String> judged, List<Violation> found, Instant now) {
        Set<String> subjects = new HashSet<>(judged);
        Set<Key> wrong = new HashSet<>();
        List<Violation> sure = new ArrayList<>();
        for (Violation violation : found) {
            Key key = new Key(violation.invariant(), violation.subject());
            if (wrong.add(key) && isSure(key, now)) {
                sure.add(violation);
            }
        }
        since.keySet().removeIf(key -> subjects.contains(key.subject()) && !wrong.contains(key));
        plan(subjects, now);
        return sure;
    }

    /** Whether it has become certain; one that is new is noted. */
    private boolean isSure(Key key, Instant now) {
        if (certain.contains(key)) {
            return false;
        }
        Instant first = since.get(key);
        if (first == null && since.size() >= most) {
            return false;
        }
        Instant noted = first == null ? now : first;
        Duration wait = key.invariant().mayBeLate() ? patience : confirmAfter;
        if (noted.plus(wait).isAfter(now)) {
            since.put(key, noted);
            return false;
        }
        since.remove(key);
        remember(key);
        return true;
    }

    private void remember(Key key) {
        if (certain.size() >= most) {
            certain.remove(certain.iterator().next());
        }
        certain.add(key);
    }

    private void plan(Set<String> judged, Instant now) {
        nextLook.keySet().removeAll(judged);
        since.keySet().stream()
                .map(Key::subject)
                .filter(judged::contains)
                .forEach(subject -> nextLook.put(subject, now.plus(confirmAfter)));
    }

    /** Who is to be looked at again by now, at most {@code limit}. */
    public List<String> due(Instant now, int limit) {
        return nextLook.entrySet().stream()
                .filter(entry -> !entry.getValue().isAfter(now))
                .limit(limit)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How many suspicions there are. */
    public int size() {
        return since.size();
    }
}
