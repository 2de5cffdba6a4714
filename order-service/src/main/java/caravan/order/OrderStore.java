package caravan.order;

import caravan.common.contract.Failure;
import caravan.common.contract.OrderCommand;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.common.contract.Reply;
import caravan.common.messaging.Answer;
import caravan.common.messaging.Participant;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The write model's end of the saga: an order is approved or rejected, once. */
@Singleton
class OrderStore implements Participant<OrderCommand> {

    private static final String LOCK =
            "select id, status from orders where id = any($1::uuid[]) order by id for update";

    private static final String END = """
            update orders o set status = e.status, failure_code = e.code, failure_detail = e.detail
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as e (id, status, code, detail)
            where o.id = e.id and o.status = 'PLACED'""";

    private static final String APPROVED = "APPROVED";
    private static final String REJECTED = "REJECTED";

    private record Ending(
            UUID orderId, String status, @Nullable Failure failure) {}

    @Override
    public Uni<List<Answer>> act(SqlConnection tx, List<Received<OrderCommand>> actions) {
        return end(tx, actions);
    }

    @Override
    public Uni<List<Answer>> undo(SqlConnection tx, List<Received<OrderCommand>> undos) {
        return end(tx, undos);
    }

    private Uni<List<Answer>> end(SqlConnection tx, List<Received<OrderCommand>> commands) {
        List<UUID> ids = commands.stream().map(c -> c.message().orderId()).toList();
        return tx.preparedQuery(LOCK)
                .execute(Columns.of(ids).uuid(id -> id).tuple())
                .chain(rows -> {
                    Map<UUID, String> statuses = new HashMap<>();
                    for (Row row : rows) {
                        statuses.put(row.getUUID("id"), row.getString("status"));
                    }
                    List<Ending> endings = new ArrayList<>();
                    List<Answer> answers = commands.stream()
                            .map(command -> decide(command, statuses, endings))
                            .toList();
                    return write(tx, endings).replaceWith(answers);
                });
    }

    /** Notes the ending, if there is one to be made, in both {@code statuses} and {@code endings}. */
    private static Answer decide(Received<OrderCommand> command, Map<UUID, String> statuses, List<Ending> endings) {
        UUID id = command.message().orderId();
        Ending wanted = ending(command.message());
        String status = statuses.get(id);
        if (status == null && wanted.status().equals(APPROVED)) {
            throw new PoisonException("there is no order " + id);
        }
        if (status != null && !status.equals("PLACED") && !status.equals(wanted.status())) {
            throw new PoisonException("order " + id + " is " + status + " and cannot become " + wanted.status());
        }
        if (status != null && status.equals("PLACED")) {
            statuses.put(id, wanted.status());
            endings.add(wanted);
        }
        return Answer.now(reply(command.message()));
    }

    private static Ending ending(OrderCommand command) {
        return switch (command) {
            case ApproveOrder(UUID id) -> new Ending(id, APPROVED, null);
            case RejectOrder(UUID id, Failure failure) -> new Ending(id, REJECTED, failure);
        };
    }

    private static Reply reply(OrderCommand command) {
        return switch (command) {
            case ApproveOrder _ -> new Reply.OrderApproved();
            case RejectOrder _ -> new Reply.OrderRejected();
        };
    }

    private static Uni<Void> write(SqlConnection tx, List<Ending> endings) {
        if (endings.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple rows = Columns.of(endings)
                .uuid(Ending::orderId)
                .text(Ending::status)
                .text(e -> e.failure() == null ? null : e.failure().code())
                .text(e -> e.failure() == null ? null : e.failure().detail())
                .tuple();
        return tx.preparedQuery(END).execute(rows).replaceWithVoid();
    }
}
