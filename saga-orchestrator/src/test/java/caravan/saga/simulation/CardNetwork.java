package caravan.saga.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The card network: takes and returns money once for each key, whatever it is asked how often. */
final class CardNetwork {

    enum Call {
        CHARGE,
        REVERSAL
    }

    enum Outcome {
        CAPTURED,
        DECLINED,
        REVERSED,
        /** Nobody is there. */
        UNAVAILABLE,
        /** It may have happened. */
        UNANSWERED
    }

    /** One key's account. */
    record Account(UUID orderId, long captured, long refunded, boolean blocked) {}

    private final World world;
    private final Plan plan;
    private final Map<String, Account> accounts = new HashMap<>();
    private long awayUntilMs;
    private int calls;

    CardNetwork(World world, Plan plan) {
        this.world = world;
        this.plan = plan;
    }

    void leaves(long forMs) {
        world.count("card network away");
        world.tell("the card network is away for %d ms", forMs);
        world.wounded("payment", forMs);
        awayUntilMs = world.nowMs() + forMs;
    }

    boolean isAway() {
        return !world.isCalm() && world.nowMs() < awayUntilMs;
    }

    Outcome ask(Call call, String key, UUID orderId, long amount, boolean declines) {
        if (isAway()) {
            return Outcome.UNAVAILABLE;
        }
        Outcome outcome = switch (call) {
            case CHARGE -> charge(key, orderId, amount, declines);
            case REVERSAL -> reverse(key, orderId);
        };
        boolean silent = plan.silences(++calls);
        if (silent) {
            world.count("card network silent");
            world.wounded("payment", 60_000);
        }
        world.tell("card network: %s of %s %s%s", call, orderId, outcome, silent ? ", not answered" : "");
        return silent ? Outcome.UNANSWERED : outcome;
    }

    private Outcome charge(String key, UUID orderId, long amount, boolean declines) {
        Account before = accounts.get(key);
        if (declines || (before != null && before.blocked())) {
            return Outcome.DECLINED;
        }
        accounts.putIfAbsent(key, new Account(orderId, amount, 0, false));
        return Outcome.CAPTURED;
    }

    private Outcome reverse(String key, UUID orderId) {
        accounts.merge(
                key,
                new Account(orderId, 0, 0, true),
                (a, _) -> new Account(a.orderId(), a.captured(), a.captured(), true));
        return Outcome.REVERSED;
    }

    /** What it holds of an order's money. */
    long holds(UUID orderId) {
        return of(orderId).mapToLong(a -> a.captured() - a.refunded()).sum();
    }

    int captures(UUID orderId) {
        return (int) of(orderId).filter(a -> a.captured() > 0).count();
    }

    private Stream<Account> of(UUID orderId) {
        return accounts.values().stream().filter(a -> a.orderId().equals(orderId));
    }
}
