package caravan.gateway.proxy;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Of places that all share, each caller holds only so many at once. Any thread. */
final class Shares {

    private final Map<UUID, Integer> held = new ConcurrentHashMap<>();
    private final int most;

    Shares(int most) {
        this.most = most;
    }

    /** False when the caller holds as many as it may; else one {@link #giveBack} is owed. */
    boolean take(UUID caller) {
        boolean free = held.merge(caller, 1, Integer::sum) <= most;
        if (!free) {
            giveBack(caller);
        }
        return free;
    }

    void giveBack(UUID caller) {
        held.computeIfPresent(caller, (_, places) -> places == 1 ? null : places - 1);
    }
}
