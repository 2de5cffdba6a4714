package caravan.order;

import caravan.common.contract.OrderCommand;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.KeepOrder;
import caravan.common.contract.OrderCommand.MarkCancelled;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.common.contract.Reply;
import caravan.common.messaging.Answer;
import caravan.common.messaging.Messaging;
import caravan.common.messaging.Participant;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** The write model's end of the sagas: they say how an order ends. */
@Singleton
class OrderStore implements Participant<OrderCommand> {

    private final String source;
    private final AtomicBoolean said = new AtomicBoolean();

    OrderStore(Messaging messaging) {
        this.source = messaging.source();
    }

    @Override
    public Uni<List<Answer>> act(SqlConnection tx, List<Received<OrderCommand>> actions) {
        return move(tx, actions);
    }

    @Override
    public Uni<List<Answer>> undo(SqlConnection tx, List<Received<OrderCommand>> undos) {
        return move(tx, undos);
    }

    /** Whether something was put into the outbox since this was asked last. */
    boolean hasSaidSomething() {
        return said.getAndSet(false);
    }

    private Uni<List<Answer>> move(SqlConnection tx, List<Received<OrderCommand>> commands) {
        List<UUID> ids = commands.stream().map(c -> c.message().orderId()).toList();
        return StandingRows.lock(tx, ids).chain(before -> {
            Map<UUID, Standing> after = new LinkedHashMap<>(before);
            List<Answer> answers = new ArrayList<>();
            for (Received<OrderCommand> command : commands) {
                move(command.message(), after);
                answers.add(Answer.now(reply(command.message())));
            }
            return save(tx, before, after).replaceWith(answers);
        });
    }

    private static void move(OrderCommand command, Map<UUID, Standing> standings) {
        Standing standing = standings.get(command.orderId());
        if (standing != null) {
            standings.put(command.orderId(), standing.after(command, Instant.now()));
            return;
        }
        switch (command) {
            // An undo of what never was.
            case RejectOrder _, KeepOrder _ -> {}
            case ApproveOrder _, MarkCancelled _ -> throw new PoisonException("there is no order " + command.orderId());
        }
    }

    private Uni<Void> save(SqlConnection tx, Map<UUID, Standing> before, Map<UUID, Standing> after) {
        List<Standing> changed = after.values().stream()
                .filter(standing -> !standing.equals(before.get(standing.orderId())))
                .toList();
        Map<UUID, Standing> unheard = new LinkedHashMap<>(after);
        unheard.values().removeIf(s -> !s.mustAskAgain(before.getOrDefault(s.orderId(), s)));
        return StandingRows.update(tx, changed).chain(() -> ask(tx, unheard));
    }

    /** It was too late to turn the placing round: now that the order is approved, it can be taken back. */
    private Uni<Void> ask(SqlConnection tx, Map<UUID, Standing> unheard) {
        if (unheard.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        said.set(true);
        return CancelStore.say(tx, unheard, source);
    }

    private static Reply reply(OrderCommand command) {
        return switch (command) {
            case ApproveOrder _ -> new Reply.OrderApproved();
            case RejectOrder _ -> new Reply.OrderRejected();
            case KeepOrder _ -> new Reply.OrderKept();
            case MarkCancelled _ -> new Reply.OrderCancelled();
        };
    }
}
