package caravan.notification;

import caravan.common.contract.Customer;
import caravan.common.contract.NotificationCommand;
import caravan.common.contract.NotificationCommand.SendConfirmation;
import caravan.common.contract.Reply.ConfirmationSent;
import caravan.common.messaging.Answer;
import caravan.common.messaging.Json;
import caravan.common.messaging.Participant;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;

/** Puts confirmations on record: one statement for a batch of any size. */
@Singleton
class ConfirmationStore implements Participant<NotificationCommand> {

    /** An order has one confirmation for ever, whoever asks for it and however often. */
    private static final String RECORD = """
            insert into confirmations (order_id, email, name, content, message_id, state, last_error)
            select k.order_id, k.email, k.name, k.content::jsonb, k.message_id, k.state, k.last_error
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
              as k (order_id, email, name, content, message_id, state, last_error)
            order by k.order_id
            on conflict (order_id) do nothing""";

    @Override
    public Uni<List<Answer>> act(SqlConnection tx, List<Received<NotificationCommand>> actions) {
        List<SendConfirmation> confirmations =
                actions.stream().map(action -> readable(action.message())).toList();
        return tx.preparedQuery(RECORD)
                .execute(rows(confirmations))
                .map(_ -> confirmations.stream()
                        .map(_ -> Answer.now(new ConfirmationSent()))
                        .toList());
    }

    @Override
    public Uni<List<Answer>> undo(SqlConnection tx, List<Received<NotificationCommand>> undos) {
        throw new PoisonException("a mail cannot be taken back");
    }

    private static SendConfirmation readable(NotificationCommand command) {
        return switch (command) {
            case SendConfirmation confirmation -> {
                Customer customer = confirmation.customer();
                // Bytes from outside: the contract's promise that nothing is null does not hold before this line.
                if (customer == null
                        || customer.email() == null
                        || customer.name() == null
                        || confirmation.lines() == null
                        || confirmation.total() == null) {
                    throw new PoisonException("the confirmation lacks customer, lines or total");
                }
                yield confirmation;
            }
        };
    }

    private static Tuple rows(List<SendConfirmation> confirmations) {
        String[] emails = texts(confirmations, c -> c.customer().email());
        Tuple rows = Tuple.tuple();
        rows.addArrayOfUUID(
                confirmations.stream().map(SendConfirmation::orderId).toArray(UUID[]::new));
        rows.addArrayOfString(emails);
        rows.addArrayOfString(texts(confirmations, c -> c.customer().name()));
        rows.addArrayOfString(texts(confirmations, Json::text));
        rows.addArrayOfString(texts(confirmations, c -> Letter.messageId(c.orderId())));
        rows.addArrayOfString(texts(confirmations, c -> firstState(c).name()));
        rows.addArrayOfString(texts(confirmations, c -> firstState(c) == State.FAILED ? "no mail address" : null));
        return rows;
    }

    private static State firstState(SendConfirmation confirmation) {
        return Letter.canBeAddressedTo(confirmation.customer().email()) ? State.PENDING : State.FAILED;
    }

    private static String[] texts(
            List<SendConfirmation> confirmations,
            java.util.function.Function<SendConfirmation, @org.jspecify.annotations.Nullable String> of) {
        return confirmations.stream().map(of).toArray(String[]::new);
    }
}
