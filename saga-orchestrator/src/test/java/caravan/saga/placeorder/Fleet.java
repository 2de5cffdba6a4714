package caravan.saga.placeorder;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.Command;
import caravan.common.contract.Reply;
import caravan.common.contract.Reply.Deferred;
import caravan.common.contract.Reply.Done;
import caravan.common.contract.Reply.Refused;
import caravan.common.contract.SagaAdvanced;
import caravan.saga.engine.Decision;
import caravan.saga.engine.Decision.Advance;
import caravan.saga.engine.Decision.Ignore;
import caravan.saga.engine.Decision.Resend;
import caravan.saga.engine.Definition;
import caravan.saga.engine.Direction;
import caravan.saga.engine.Engine;
import caravan.saga.engine.Phase.Compensated;
import caravan.saga.engine.Phase.Completed;
import caravan.saga.engine.Phase.Running;
import caravan.saga.engine.Phase.Stuck;
import caravan.saga.engine.Phase.Undoing;
import caravan.saga.engine.SagaState;
import caravan.saga.engine.Send;
import caravan.saga.engine.Signal;
import caravan.saga.engine.Signal.Answered;
import caravan.saga.engine.Signal.CancelRequested;
import caravan.saga.engine.Signal.DeadlinePassed;
import caravan.saga.engine.Signal.Ordered;
import caravan.saga.engine.Verb;
import caravan.saga.placeorder.Participants.Errand;
import caravan.saga.placeorder.Participants.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One saga, its participants, and a network that loses, repeats and overtakes. What must hold for every transition is
 * asserted here.
 */
final class Fleet {

    private static final List<Reply> ANYTHING = List.of(
            Orders.RESERVED,
            Orders.RELEASED,
            Orders.UNAVAILABLE,
            Orders.CHARGED,
            Orders.REFUNDED,
            Orders.DECLINED,
            Orders.ARRANGED,
            Orders.CANCELLED,
            Orders.UNDELIVERABLE,
            Orders.APPROVED,
            Orders.REJECTED,
            Orders.SENT,
            new Refused());

    private static final List<String> ANYWHERE = List.of(
            "order-placed",
            "reserve-stock",
            "charge-payment",
            "arrange-shipment",
            "approve-order",
            "send-confirmation",
            "pack-parcel");

    private static final List<Verb> HARMLESS = List.of(Verb.RETRY, Verb.COMPENSATE, Verb.RESUME);

    private final Definition<PlaceOrder> definition = PlaceOrderSaga.definition();
    private final Participants participants;
    private final List<Send> commands = new ArrayList<>();
    private final List<Answered> replies = new ArrayList<>();
    private final List<Answered> history = new ArrayList<>();
    private final Map<Errand, Command> sent = new HashMap<>();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private SagaState<PlaceOrder> state;

    Fleet(Plan plan) {
        participants = new Participants(plan);
        Advance<PlaceOrder> start =
                (Advance<PlaceOrder>) Engine.start(definition, Orders.ID, Orders.ID, PlaceOrder.of(Orders.PLACED), now);
        state = start.next();
        check(start, 0);
        send(start.sends());
    }

    SagaState<PlaceOrder> state() {
        return state;
    }

    Participants participants() {
        return participants;
    }

    /** Anything that the outside may do; {@code which} chooses among what is there. */
    void happens(int what, int which) {
        switch (what % 16) {
            case 0, 1, 2 -> deliverCommand(which, true);
            case 3 -> deliverCommand(which, false);
            case 4, 5, 6 -> deliverReply(which, true);
            case 7 -> deliverReply(which, false);
            case 8 -> crashBeforeCommit(which);
            case 9 -> crashAfterCommit(which);
            case 10 -> lose(which);
            case 11 -> deadline(Duration.ofSeconds(which % 3 * 100L));
            case 12 -> somethingFalse(which);
            case 13 -> somethingOld(which);
            case 14 -> send(apply(new CancelRequested("changed my mind")));
            case 15 -> somebodyOrders(HARMLESS.get(which % HARMLESS.size()));
            default -> throw new IllegalStateException();
        }
    }

    /** From here on everything arrives, in order, once; what is dead stays dead. */
    void settles() {
        for (int i = 0; i < 1000 && !quiet(); i++) {
            if (!commands.isEmpty()) {
                deliverCommand(0, true);
            } else if (!replies.isEmpty()) {
                deliverReply(0, true);
            } else {
                deadline(Duration.ZERO);
            }
        }
        assertThat(quiet()).as("comes to an end: %s", state).isTrue();
    }

    private boolean quiet() {
        return commands.isEmpty() && replies.isEmpty() && state.due() == null;
    }

    private void deliverCommand(int which, boolean once) {
        if (commands.isEmpty()) {
            return;
        }
        Send send = once ? commands.remove(which % commands.size()) : commands.get(which % commands.size());
        Optional<Reply> reply = participants.handle(send, now);
        reply.ifPresent(r -> {
            Answered answer = new Answered(send.step(), send.direction(), r);
            replies.add(answer);
            history.add(answer);
        });
    }

    private void deliverReply(int which, boolean once) {
        if (!replies.isEmpty()) {
            Answered answer = once ? replies.remove(which % replies.size()) : replies.get(which % replies.size());
            send(apply(answer));
        }
    }

    /** The transaction is lost, the offset too: the reply comes again. */
    private void crashBeforeCommit(int which) {
        if (!replies.isEmpty()) {
            decide(replies.get(which % replies.size()));
        }
    }

    /** The state is there, but nothing was sent; the reply comes again. */
    private void crashAfterCommit(int which) {
        if (!replies.isEmpty()) {
            apply(replies.get(which % replies.size()));
        }
    }

    /** Into a dead-letter topic, from which nobody replays it. */
    private void lose(int which) {
        if (!commands.isEmpty() && which % 2 == 0) {
            commands.remove(which / 2 % commands.size());
        } else if (!replies.isEmpty()) {
            replies.remove(which / 2 % replies.size());
        }
    }

    private void deadline(Duration late) {
        if (state.due() != null) {
            Instant due = state.due().plus(late);
            now = due.isAfter(now) ? due : now;
        }
        send(apply(new DeadlinePassed()));
    }

    /** A reply that no participant of this order has given, and that must not pass for one. */
    private void somethingFalse(int which) {
        Errand errand =
                new Errand(ANYWHERE.get(which % ANYWHERE.size()), which / 7 % 2 == 0 ? Direction.DO : Direction.UNDO);
        Reply reply = ANYTHING.get(which / 14 % ANYTHING.size());
        if (!Participants.isCredible(errand, reply)) {
            SagaState<PlaceOrder> before = state;
            send(apply(new Answered(errand.step(), errand.direction(), reply)));
            assertThat(state).isEqualTo(before);
        }
    }

    /** Not to skip: what that leaves behind is the operator's to answer for. */
    private void somebodyOrders(Verb verb) {
        String step = state.phase().step();
        if (step != null) {
            send(apply(new Ordered(verb, step)));
        }
    }

    private void somethingOld(int which) {
        if (!history.isEmpty()) {
            send(apply(history.get(which % history.size())));
        }
    }

    private List<Send> apply(Signal signal) {
        return switch (decide(signal)) {
            case Advance<PlaceOrder> advance -> {
                check(advance, state.version());
                state = advance.next();
                isIdempotent(signal);
                yield advance.sends();
            }
            case Resend<PlaceOrder> resend -> {
                assertThat(resend.sends())
                        .isEqualTo(Engine.current(definition, state).stream().toList());
                yield resend.sends();
            }
            case Ignore<PlaceOrder> _ -> List.of();
        };
    }

    private Decision<PlaceOrder> decide(Signal signal) {
        Decision<PlaceOrder> decision = Engine.decide(definition, state, signal, now);
        assertThat(Engine.decide(definition, state, signal, now)).isEqualTo(decision);
        return decision;
    }

    /** The same signal at once again moves nothing, and repeats what it had caused. */
    private void isIdempotent(Signal signal) {
        Decision<PlaceOrder> again = Engine.decide(definition, state, signal, now);
        if (signal instanceof Ordered order && order.verb() == Verb.RETRY) {
            return;
        }
        assertThat(again).isNotInstanceOf(Advance.class);
        if (signal instanceof Answered answer && !(answer.reply() instanceof Deferred) && state.due() != null) {
            assertThat(again).isInstanceOf(Resend.class);
        }
        if (signal instanceof CancelRequested) {
            assertThat(again).isInstanceOf(Resend.class);
        }
    }

    private void check(Advance<PlaceOrder> advance, int versionBefore) {
        SagaState<PlaceOrder> next = advance.next();
        SagaAdvanced event = advance.event();
        assertThat(next.version()).isEqualTo(versionBefore + 1);
        assertThat(event.sequence()).isEqualTo(next.version());
        assertThat(advance.due()).isEqualTo(Optional.ofNullable(next.due()));
        switch (next.phase()) {
            case Running at -> {
                assertThat(next.due()).isAfter(now);
                assertThat(at.attempt()).isPositive();
                assertThat(next.failure()).isNull();
            }
            case Undoing at -> {
                assertThat(next.due()).isAfter(now);
                assertThat(at.attempt()).isBetween(1, 9 + versionBefore);
                assertThat(next.failure()).isNotNull();
                assertThat(next.data().shipment())
                        .as("no way back after the pivot")
                        .isNull();
            }
            case Stuck _ -> assertThat(next.due()).isNull();
            case Completed _ -> assertThat(next.data().shipment()).isNotNull();
            case Compensated _ -> assertThat(next.failure()).isNotNull();
        }
        if (event.reply() instanceof Done) {
            assertThat(advance.sends().isEmpty()).isEqualTo(next.due() == null);
        }
    }

    /** A command that is sent again is the same command. */
    private void send(List<Send> sends) {
        for (Send send : sends) {
            Command before = sent.putIfAbsent(new Errand(send.step(), send.direction()), send.command());
            assertThat(before).isIn(null, send.command());
            commands.add(send);
        }
    }
}
