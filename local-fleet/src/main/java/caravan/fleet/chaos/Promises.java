package caravan.fleet.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What customers were told, kept where no fault reaches: in memory. Afterwards every order that was promised must be there, under the key that asked for it, and no key may have
 * made two. Any thread.
 */
final class Promises {

    private sealed interface Said {
        record Nothing() implements Said {}

        record Accepted(UUID id) implements Said {}

        record Refused(int status) implements Said {}
    }

    private static final Said NOTHING = new Said.Nothing();

    private final Map<String, Said> said = new ConcurrentHashMap<>();
    private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();
    private final AtomicLong askedAgain = new AtomicLong();

    void offered(String key) {
        said.put(key, NOTHING);
    }

    void askedAgain() {
        askedAgain.incrementAndGet();
    }

    void accepted(String key, UUID id) {
        Said before = said.put(key, new Said.Accepted(id));
        if (before instanceof Said.Accepted(UUID first) && !first.equals(id)) {
            contradictions.add("key " + key + " was answered with order " + first + " and with order " + id);
        }
    }

    void refused(String key, int status) {
        Said before = said.put(key, new Said.Refused(status));
        if (before instanceof Said.Accepted(UUID first)) {
            contradictions.add("key " + key + " was answered with order " + first + " and refused with " + status);
        }
    }

    Answers answers() {
        long accepted =
                said.values().stream().filter(Said.Accepted.class::isInstance).count();
        long refused =
                said.values().stream().filter(Said.Refused.class::isInstance).count();
        return new Answers(said.size(), accepted, refused, said.size() - accepted - refused, askedAgain.get());
    }

    /**
     * What is not as it was promised, one sentence each.
     *
     * @param made all orders that there are, by the key in them
     */
    List<String> brokenBy(Map<String, List<UUID>> made) {
        List<String> broken = new ArrayList<>(contradictions);
        said.forEach((key, last) -> {
            List<UUID> orders = made.getOrDefault(key, List.of());
            if (orders.size() > 1) {
                broken.add("key " + key + " made " + orders.size() + " orders: " + orders);
            }
            switch (last) {
                case Said.Accepted(UUID id)
                when !orders.contains(id) ->
                    broken.add("order " + id + " was accepted under key " + key + ", and is not there");
                case Said.Refused(int status)
                when !orders.isEmpty() ->
                    broken.add("key " + key + " was refused with " + status + ", and made " + orders);
                case Said.Accepted _, Said.Refused _, Said.Nothing _ -> {}
            }
        });
        return broken;
    }
}
