package caravan.saga.simulation;

import caravan.common.contract.Topics;
import caravan.common.messaging.Direction;
import caravan.saga.engine.Verb;
import caravan.saga.simulation.Happening.Away;
import caravan.saga.simulation.Happening.CancelAsked;
import caravan.saga.simulation.Happening.Crashed;
import caravan.saga.simulation.Happening.Failing;
import caravan.saga.simulation.Happening.Lost;
import caravan.saga.simulation.Happening.NetworkAway;
import caravan.saga.simulation.Happening.NetworkSilent;
import caravan.saga.simulation.Happening.Operated;
import caravan.saga.simulation.Happening.Paused;
import caravan.saga.simulation.Happening.Placed;
import caravan.saga.simulation.Happening.Rebalanced;
import caravan.saga.simulation.Happening.Repeated;
import caravan.saga.simulation.Happening.Replayed;
import caravan.saga.simulation.Happening.Stalled;
import caravan.saga.simulation.Happening.Trouble;
import caravan.saga.simulation.Scenario.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** Draws a scenario from a seed. */
final class Scenarios {

    /** Faults are over by then; sagas of the slowest pace give up, get stuck and are repaired before. */
    static final long CALM_FROM_MS = 2 * 3_600_000;

    private static final int MOST_ORDERS = 4;
    private static final int MOST_FAULTS = 8;

    private static final List<String> SERVICES = List.of(
            "orchestrator",
            "orchestrator",
            "orchestrator",
            "inventory",
            "payment",
            "shipment",
            "notification",
            "order");

    private static final List<String> TOPICS = List.of(
            Topics.SAGA_REPLIES,
            Topics.ORDER_EVENTS,
            Topics.INVENTORY_COMMANDS,
            Topics.PAYMENT_COMMANDS,
            Topics.SHIPMENT_COMMANDS,
            Topics.NOTIFICATION_COMMANDS,
            Topics.ORDER_COMMANDS);

    private static final Map<String, List<Direction>> STEPS = Map.of(
            "order-placed", List.of(Direction.UNDO),
            "reserve-stock", List.of(Direction.DO, Direction.UNDO),
            "charge-payment", List.of(Direction.DO, Direction.UNDO),
            "arrange-shipment", List.of(Direction.DO, Direction.UNDO),
            "approve-order", List.of(Direction.DO),
            "send-confirmation", List.of(Direction.DO));

    private static final List<Boundary> BOUNDARIES = List.of(Boundary.values());
    private static final List<Trouble> TROUBLES = List.of(Trouble.values());
    private static final List<Verb> VERBS = List.of(Verb.values());
    private static final List<String> STEP_NAMES =
            STEPS.keySet().stream().sorted().toList();

    private final SplittableRandom random;
    private final int orders;
    private final Pace pace;
    private final List<Happening> all = new ArrayList<>();

    private Scenarios(long seed) {
        random = new SplittableRandom(seed);
        orders = 1 + random.nextInt(MOST_ORDERS);
        pace = random.nextInt(3) == 0 ? Pace.STANDARD : Pace.HASTY;
    }

    static Scenario of(long seed) {
        Scenarios scenarios = new Scenarios(seed);
        scenarios.customers();
        int faults = scenarios.random.nextInt(20) == 0 ? 0 : 1 + scenarios.random.nextInt(MOST_FAULTS);
        for (int i = 0; i < faults; i++) {
            scenarios.all.add(scenarios.fault());
        }
        return new Scenario(
                seed, scenarios.pace, 3 + scenarios.random.nextInt(5), 3 + scenarios.random.nextInt(5), scenarios.all);
    }

    private void customers() {
        for (int order = 1; order <= orders; order++) {
            boolean declined = random.nextInt(10) == 0;
            boolean abroad = random.nextInt(10) == 0;
            all.add(new Placed(order, random.nextInt(500), 1 + random.nextInt(3), random.nextInt(3), declined, abroad));
            if (random.nextInt(3) == 0) {
                all.add(new CancelAsked(order, cancelledAtMs()));
            }
        }
    }

    /** While it is placed mostly; sometimes when the parcel may have left. */
    private long cancelledAtMs() {
        return random.nextInt(4) == 0 ? 1_000 + random.nextInt(6_000_000) : 20 + random.nextInt(2_000);
    }

    private Happening fault() {
        return switch (random.nextInt(22)) {
            case 0, 1, 2, 3 -> new Crashed(node(), boundary(), nth(), 200 + random.nextInt(8_000));
            case 4, 5 -> new Paused(node(), boundary(), nth(), 500 + random.nextInt(60_000));
            case 6, 7 -> new Rebalanced(service(), random.nextInt(3_000));
            case 8, 9 -> new Stalled(topic(), random.nextInt(2), random.nextInt(2_000), 100 + random.nextInt(90_000));
            case 10, 11 ->
                new Repeated(1 + random.nextInt(60), 1 + random.nextInt(random.nextBoolean() ? 300 : 600_000));
            case 12 -> new Lost(1 + random.nextInt(60));
            case 13, 14 -> failing();
            case 15 -> new Away(service(), random.nextInt(2_000), awayMs());
            case 16 -> new NetworkAway(random.nextInt(2_000), awayMs());
            case 17 -> new NetworkSilent(1 + random.nextInt(4));
            case 18, 20, 21 -> operated();
            case 19 -> new Replayed(1_000 + random.nextInt(random.nextBoolean() ? 20_000 : 1_800_000));
            default -> throw new IllegalStateException();
        };
    }

    private long awayMs() {
        return random.nextInt(3) == 0 ? random.nextInt(40 * 60_000) : 500 + random.nextInt(30_000);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String node() {
        return service() + (random.nextBoolean() ? "-a" : "-b");
    }

    private String service() {
        return one(SERVICES);
    }

    private String topic() {
        return one(TOPICS);
    }

    private Boundary boundary() {
        return one(BOUNDARIES);
    }

    private int nth() {
        return 1 + random.nextInt(random.nextBoolean() ? 4 : 16);
    }

    private Happening failing() {
        String step = one(STEP_NAMES);
        List<Direction> directions = Objects.requireNonNull(STEPS.get(step));
        Direction direction = one(directions);
        Trouble trouble = one(TROUBLES);
        return new Failing(
                1 + random.nextInt(orders), step, direction, random.nextInt(4) == 0, trouble, 1 + random.nextInt(5));
    }

    private Happening operated() {
        Verb verb = one(VERBS);
        long at = random.nextBoolean() ? random.nextInt(3_000) : random.nextInt(1_800_000);
        return new Operated(1 + random.nextInt(orders), random.nextInt(4) == 0, verb, at);
    }
}
