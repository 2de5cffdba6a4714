package caravan.saga.placeorder;

import static caravan.saga.engine.Direction.DO;

import caravan.common.contract.Reply;
import caravan.common.contract.Reply.Deferred;
import caravan.common.contract.Reply.Done;
import caravan.common.contract.Reply.Refused;
import caravan.common.contract.Reply.Rejected;
import caravan.saga.engine.Direction;
import caravan.saga.engine.Send;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All services in one: an inbox with the recorded replies, tombstones, and the effects that stand in the end. */
final class Participants {

    /** What a command asks for, and a reply is about. */
    record Errand(String step, Direction direction) {}

    private static final List<String> STEPS =
            List.of("reserve-stock", "charge-payment", "arrange-shipment", "approve-order", "send-confirmation");

    private static final Map<Errand, Reply> YES = Map.of(
            new Errand("reserve-stock", DO), Orders.RESERVED,
            new Errand("charge-payment", DO), Orders.CHARGED,
            new Errand("arrange-shipment", DO), Orders.ARRANGED,
            new Errand("approve-order", DO), Orders.APPROVED,
            new Errand("send-confirmation", DO), Orders.SENT,
            new Errand("order-placed", Direction.UNDO), Orders.REJECTED,
            new Errand("reserve-stock", Direction.UNDO), Orders.RELEASED,
            new Errand("charge-payment", Direction.UNDO), Orders.REFUNDED,
            new Errand("arrange-shipment", Direction.UNDO), Orders.CANCELLED);

    private static final Map<String, Reply> NO = Map.of(
            "reserve-stock", Orders.UNAVAILABLE,
            "charge-payment", Orders.DECLINED,
            "arrange-shipment", Orders.UNDELIVERABLE);

    /**
     * How the services behave towards one order.
     *
     * @param rejecting the step that is rejected, if it is one that can be
     * @param deferring the step that is put off at first
     * @param deferrals how often
     * @param dead what never hears of its command
     */
    record Plan(String rejecting, String deferring, int deferrals, Set<Errand> dead) {}

    private final Plan plan;
    private final Map<Errand, Reply> inbox = new HashMap<>();
    private final Deque<String> effects = new ArrayDeque<>();
    private final List<String> undone = new ArrayList<>();
    private final List<String> askedToUndo = new ArrayList<>();
    private int deferrals;

    Participants(Plan plan) {
        this.plan = plan;
        this.deferrals = plan.deferrals();
        effects.add("order-placed");
    }

    static List<String> steps() {
        return STEPS;
    }

    /** Whether the saga has to believe it: its yes, or any no to what can be rejected. */
    static boolean isCredible(Errand errand, Reply reply) {
        boolean no = reply instanceof Rejected && errand.direction() == DO && NO.containsKey(errand.step());
        return no || reply.equals(YES.get(errand));
    }

    Optional<Reply> handle(Send send, Instant now) {
        Errand errand = new Errand(send.step(), send.direction());
        if (plan.dead().contains(errand)) {
            return Optional.empty();
        }
        Reply recorded = inbox.get(errand);
        if (recorded != null) {
            return Optional.of(recorded);
        }
        Reply reply = switch (send.direction()) {
            case DO -> act(errand, now);
            case UNDO -> undo(errand);
        };
        if (!(reply instanceof Deferred)) {
            inbox.put(errand, reply);
        }
        return Optional.of(reply);
    }

    /** Oldest first. */
    List<String> effects() {
        return List.copyOf(effects);
    }

    /** In the order in which it was undone; only what had an effect. */
    List<String> undone() {
        return undone;
    }

    List<String> askedToUndo() {
        return askedToUndo;
    }

    private Reply act(Errand errand, Instant now) {
        if (inbox.containsKey(new Errand(errand.step(), Direction.UNDO))) {
            return new Refused();
        }
        Reply no = NO.get(errand.step());
        if (no != null && errand.step().equals(plan.rejecting())) {
            return no;
        }
        if (errand.step().equals(plan.deferring()) && deferrals > 0) {
            deferrals--;
            return new Deferred(now.plusSeconds(30), "busy");
        }
        effects.add(errand.step());
        return yes(errand);
    }

    private Reply undo(Errand errand) {
        askedToUndo.add(errand.step());
        if (effects.remove(errand.step())) {
            undone.add(errand.step());
        }
        return yes(errand);
    }

    private static Done yes(Errand errand) {
        if (YES.get(errand) instanceof Done done) {
            return done;
        }
        throw new IllegalStateException("nobody may ask for " + errand);
    }
}
