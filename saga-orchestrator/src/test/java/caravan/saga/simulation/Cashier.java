package caravan.saga.simulation;

import caravan.common.contract.Reply;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.SimulatedInbox;
import caravan.common.messaging.TraceContext;
import caravan.saga.simulation.CardNetwork.Call;
import caravan.saga.simulation.CardNetwork.Outcome;
import caravan.saga.simulation.Payment.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Takes due payments to the card network, and records what it said with the replies, which leave through the outbox. */
final class Cashier {

    private static final long LEASE_MS = 30_000;
    private static final long OPEN_FOR_MS = 30_000;
    private static final long UNANSWERED_AGAIN_MS = 1_000;
    private static final int MOST_CALL_MS = 150;

    private final Group group;
    private final World world;
    private final Payments payments;
    private final CardNetwork network;
    private final SimulatedInbox inbox;
    private final Outbox outbox;
    private final Effects effects;
    private long watchedMs = Long.MAX_VALUE;

    Cashier(Group group, Payments payments, CardNetwork network, SimulatedInbox inbox, Outbox outbox, Effects effects) {
        this.group = group;
        this.world = group.world();
        this.payments = payments;
        this.network = network;
        this.inbox = inbox;
        this.outbox = outbox;
        this.effects = effects;
    }

    void wake(Node node) {
        node.later(world.delay(node.name(), (int) world.nowMs(), 10), () -> sweep(node));
        watch();
    }

    /** Whatever becomes of the process, somebody looks when the next payment is due. */
    void watch() {
        long next = payments.all().stream()
                .filter(payment -> payment.state().call() != null)
                .mapToLong(Payment::dueMs)
                .min()
                .orElse(Long.MAX_VALUE);
        if (next == Long.MAX_VALUE || watchedMs <= Math.max(next, world.nowMs())) {
            return;
        }
        watchedMs = Math.max(next, world.nowMs() + 200);
        world.at(watchedMs, () -> {
            watchedMs = Long.MAX_VALUE;
            Node node = group.someone(3);
            node.later(1, () -> sweep(node));
            world.in(1_000, this::watch);
        });
    }

    private void sweep(Node node) {
        long now = world.nowMs();
        for (Payment due : List.copyOf(payments.all())) {
            if (!due.isDue(now)) {
                continue;
            }
            if (network.isAway()) {
                putOff(due);
                continue;
            }
            Payment taken = due.taken(now + LEASE_MS);
            payments.put(taken);
            Call call = Objects.requireNonNull(taken.state().call());
            node.later(
                    world.delay(taken.charge().toString(), taken.made(), MOST_CALL_MS), () -> ask(node, taken, call));
        }
        outbox.wake(node);
        watch();
    }

    private void putOff(Payment payment) {
        long until = world.nowMs() + OPEN_FOR_MS;
        payments.put(payment.again(until));
        Reply deferred = new Reply.Deferred(World.START.plusMillis(until), "card network is down");
        world.count("deferrals");
        if (payment.state() == State.REQUESTED) {
            say(Map.of(payment.charge(), deferred));
        } else {
            payment.refunds().forEach(id -> say(Map.of(id, deferred)));
        }
    }

    private void ask(Node node, Payment payment, Call call) {
        Outcome outcome = network.ask(
                call,
                payment.charge().toString(),
                payment.orderId(),
                payment.amount().amountMinor(),
                payment.declines());
        if (node.passes(Boundary.BEFORE_COMMIT)) {
            node.later(5, () -> record(node, payment.orderId(), call, outcome));
        }
    }

    private void record(Node node, UUID orderId, Call call, Outcome outcome) {
        Payment payment = payments.of(orderId);
        switch (outcome) {
            case CAPTURED -> captured(payment);
            case DECLINED -> declined(payment);
            case REVERSED -> reversed(payment);
            case UNAVAILABLE -> again(payment, call, OPEN_FOR_MS);
            case UNANSWERED -> again(payment, call, UNANSWERED_AGAIN_MS);
        }
        effects.commit();
        if (node.passes(Boundary.AFTER_COMMIT)) {
            outbox.wake(node);
        }
        watch();
    }

    private void captured(Payment payment) {
        switch (payment.state()) {
            case REQUESTED -> {
                payments.put(payment.to(State.CAPTURED));
                effects.acted(payment.charge());
                say(Map.of(
                        payment.charge(),
                        new Reply.PaymentCharged(payment.charge().toString(), payment.amount())));
            }
            // A capture that nobody expects must not stay; asked for already, it is reversed.
            case DECLINED, CANCELLED, REFUNDED -> payments.put(payment.goingBack(payment.refunds(), world.nowMs()));
            case CAPTURED, REFUND_REQUESTED -> {}
        }
    }

    private void declined(Payment payment) {
        if (payment.state() == State.REQUESTED) {
            payments.put(payment.to(State.DECLINED));
            say(Map.of(payment.charge(), new Reply.CardDeclined("insufficient funds")));
        }
    }

    private void reversed(Payment payment) {
        if (payment.state() != State.REFUND_REQUESTED) {
            return;
        }
        payments.put(payment.to(State.REFUNDED));
        Map<MessageId, Reply> replies = new LinkedHashMap<>();
        for (MessageId refund : payment.refunds()) {
            payments.tellDone(refund);
            replies.put(refund, new Reply.PaymentRefunded());
        }
        inbox.answer(payment.charge(), new Reply.Refused());
        say(replies);
    }

    private void again(Payment payment, Call call, long inMs) {
        if (payment.state().call() == call) {
            payments.put(payment.again(world.nowMs() + inMs));
        }
    }

    private void say(Map<MessageId, Reply> replies) {
        List<Outgoing> out = new ArrayList<>();
        replies.forEach((id, reply) -> {
            if (!(reply instanceof Reply.Deferred)) {
                inbox.answer(id, reply);
            }
            out.add(Outgoing.reply(id, "payment-service", TraceContext.NONE, reply)
                    .at(world.now()));
        });
        outbox.add(out);
    }
}
