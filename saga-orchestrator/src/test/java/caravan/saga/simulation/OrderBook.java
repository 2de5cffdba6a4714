package caravan.saga.simulation;

import caravan.common.contract.Address;
import caravan.common.contract.Command;
import caravan.common.contract.Customer;
import caravan.common.contract.Money;
import caravan.common.contract.OrderCancellationRequested;
import caravan.common.contract.OrderCommand;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.KeepOrder;
import caravan.common.contract.OrderCommand.MarkCancelled;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.common.contract.OrderEvent;
import caravan.common.contract.OrderPlaced;
import caravan.common.contract.PricedLine;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.Topics;
import caravan.common.messaging.Answer;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import caravan.common.messaging.TraceContext;
import caravan.saga.simulation.Happening.Placed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;

/** order-service: accepts orders and requests to cancel, follows its sagas' commands, and reads what sagas say. */
final class OrderBook implements Books {

    private static final long SAID_AGAIN_MS = 30_000;
    private static final long TRIED_AGAIN_MS = 700;

    enum State {
        PLACED,
        APPROVED,
        REJECTED,
        CANCELLED
    }

    /** @param refused since the parcel has left */
    record Order(OrderPlaced placed, State state, boolean cancelWanted, boolean refused) {
        Order in(State next) {
            return new Order(placed, next, cancelWanted, refused);
        }

        Order cancelWanted(boolean wanted, boolean refusedNow) {
            return new Order(placed, state, wanted, refusedNow);
        }

        boolean waitsForCancelling() {
            return cancelWanted && (state == State.PLACED || state == State.APPROVED);
        }
    }

    private final Group group;
    private final World world;
    private final Outbox outbox;
    private final Effects effects;
    private final Map<UUID, TreeMap<Integer, SagaAdvanced>> view = new HashMap<>();
    private final Map<UUID, Boolean> started = new HashMap<>();
    private Map<UUID, Order> orders = new TreeMap<>();

    OrderBook(Group group, Outbox outbox, Effects effects) {
        this.group = group;
        this.world = group.world();
        this.outbox = outbox;
        this.effects = effects;
    }

    /** A customer who gets no answer tries again. */
    void place(Placed order) {
        Node node = group.someone(1);
        if (!node.isMember()) {
            world.in(TRIED_AGAIN_MS, () -> place(order));
            return;
        }
        OrderPlaced placed = placed(order, world.now());
        world.tell("%s: %s is placed", node.name(), placed.orderId());
        orders.put(placed.orderId(), new Order(placed, State.PLACED, false, false));
        outbox.add(List.of(said(placed)));
        sayAgainLater(placed.orderId());
        if (node.passes(Boundary.AFTER_COMMIT)) {
            outbox.wake(node);
        }
    }

    private static OrderPlaced placed(Placed order, Instant now) {
        UUID id = Names.order(order.order());
        List<PricedLine> lines = new ArrayList<>();
        lines.add(new PricedLine("tea", "Tea", order.tea(), new Money(500, "EUR")));
        if (order.rice() > 0) {
            lines.add(new PricedLine("rice", "Rice", order.rice(), new Money(200, "EUR")));
        }
        String country = order.abroad() ? Parcels.ABROAD : "GB";
        return new OrderPlaced(
                id,
                new Customer(id, "Ada", "ada@example.org"),
                lines,
                new Money(500L * order.tea() + 200L * order.rice(), "EUR"),
                new Address("Ada", "12 St James's Square", null, "London", "SW1Y 4JH", country),
                order.declined() ? Payments.DECLINED_CARD : "tok_ada",
                now);
    }

    private static Outgoing said(OrderPlaced placed) {
        return event(placed, placed.orderId() + ":placed").at(placed.placedAt());
    }

    private static Outgoing event(OrderEvent event, String id) {
        return Outgoing.of(
                Topics.ORDER_EVENTS, event.orderId().toString(), id, "order-service", TraceContext.NONE, event);
    }

    private Outgoing cancellation(Order order) {
        OrderPlaced p = order.placed();
        boolean approved = order.state() == State.APPROVED;
        OrderCancellationRequested event = new OrderCancellationRequested(
                p.orderId(), p.customer(), p.lines(), p.total(), World.START, "changed my mind", approved);
        return event(event, p.orderId() + (approved ? ":cancel:approved" : ":cancel"))
                .at(world.now());
    }

    void cancel(UUID orderId) {
        Node node = group.someone(2);
        Order order = orders.get(orderId);
        if (!node.isMember() || order == null) {
            return;
        }
        boolean first = !order.cancelWanted() && !order.refused();
        if (first && (order.state() == State.PLACED || order.state() == State.APPROVED)) {
            Order wanted = order.cancelWanted(true, false);
            world.count("cancellations asked for " + order.state().name().toLowerCase(Locale.ROOT) + " orders");
            world.tell("%s: %s is to be cancelled", node.name(), orderId);
            orders.put(orderId, wanted);
            outbox.add(List.of(cancellation(wanted)));
            sayAgainLater(orderId);
            outbox.wake(node);
        }
    }

    /** What no saga has taken up, and requests that have no end yet. */
    private void sayAgainLater(UUID orderId) {
        world.in(SAID_AGAIN_MS, () -> {
            Order order = Objects.requireNonNull(orders.get(orderId));
            boolean unstarted = !started.containsKey(orderId);
            if (!unstarted && !order.waitsForCancelling()) {
                return;
            }
            if (group.nodes().stream().anyMatch(Node::isMember)) {
                outbox.add(List.of(unstarted ? said(order.placed()) : cancellation(order)));
            }
            sayAgainLater(orderId);
        });
    }

    @Override
    public Answer act(Received<Command> command) {
        effects.acted(command.commandId());
        return move((OrderCommand) command.message());
    }

    @Override
    public Answer undo(Received<Command> command) {
        effects.undone(command.commandId());
        return move((OrderCommand) command.message());
    }

    private Answer move(OrderCommand command) {
        Order before = orders.get(command.orderId());
        if (before == null) {
            throw new PoisonException("there is no such order");
        }
        Order after = after(before, command);
        orders.put(command.orderId(), after);
        if (after.cancelWanted() && before.state() == State.PLACED && after.state() == State.APPROVED) {
            outbox.add(List.of(cancellation(after)));
        }
        return Answer.now(
                switch (command) {
                    case ApproveOrder _ -> new Reply.OrderApproved();
                    case RejectOrder _ -> new Reply.OrderRejected();
                    case KeepOrder _ -> new Reply.OrderKept();
                    case MarkCancelled _ -> new Reply.OrderCancelled();
                });
    }

    private static Order after(Order order, OrderCommand command) {
        State state = order.state();
        return switch (command) {
            case ApproveOrder _ when state == State.PLACED -> order.in(State.APPROVED);
            case ApproveOrder _ when state == State.APPROVED -> order;
            case RejectOrder _
            when state == State.PLACED -> order.in(order.cancelWanted() ? State.CANCELLED : State.REJECTED);
            case RejectOrder _ when state != State.APPROVED -> order;
            case KeepOrder _ when state == State.APPROVED -> order.cancelWanted(false, true);
            case MarkCancelled _ when state == State.APPROVED -> order.in(State.CANCELLED);
            case MarkCancelled _ when state == State.CANCELLED -> order;
            case ApproveOrder _, RejectOrder _, KeepOrder _, MarkCancelled _ ->
                throw new PoisonException("the order is " + state + ": no " + command);
        };
    }

    /** The read model: each event once, whatever comes how often. */
    Unit project(List<Received<?>> batch) {
        return new Unit() {
            @Override
            public List<Outgoing> commit() {
                for (Received<?> received : batch) {
                    SagaAdvanced event = (SagaAdvanced) received.message();
                    started.put(event.orderId(), true);
                    view.computeIfAbsent(event.sagaId(), _ -> new TreeMap<>()).put(event.sequence(), event);
                }
                return List.of();
            }

            @Override
            public void release() {}
        };
    }

    Collection<Order> orders() {
        return orders.values();
    }

    /** A saga's events as far as they are known here. */
    Map<Integer, SagaAdvanced> seen(UUID sagaId) {
        return view.getOrDefault(sagaId, new TreeMap<>());
    }

    @Override
    public Runnable remembered() {
        Map<UUID, Order> then = new TreeMap<>(orders);
        return () -> orders = then;
    }

    @Override
    public void committed(Node node) {
        outbox.wake(node);
    }
}
