package caravan.notification;

import caravan.common.contract.Customer;
import caravan.common.contract.NotificationCommand;
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

/** Puts mails on record: one statement for a batch of any size. */
@Singleton
class ConfirmationStore implements Participant<NotificationCommand> {

    /** An order has one mail of a kind for ever, whoever asks for it and however often. */
    private static final String RECORD = """
            insert into confirmations (order_id, kind, email, name, content, message_id, state, last_error, traceparent)
            select k.order_id, k.kind, k.email, k.name, k.content::jsonb, k.message_id, k.state, k.last_error, k.traceparent
            from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::text[])
              as k (order_id, kind, email, name, content, message_id, state, last_error, traceparent)
            order by k.order_id, k.kind
            on conflict (order_id, kind) do nothing""";

    @Override
    public Uni<List<Answer>> act(SqlConnection tx, List<Received<NotificationCommand>> actions) {
        List<NotificationCommand> mails =
                actions.stream().map(action -> readable(action.message())).toList();
        return tx.preparedQuery(RECORD)
                .execute(rows(mails).addArrayOfString(traces(actions)))
                .map(_ -> mails.stream()
                        .map(mail -> Answer.now(Kind.of(mail).recorded()))
                        .toList());
    }

    @Override
    public Uni<List<Answer>> undo(SqlConnection tx, List<Received<NotificationCommand>> undos) {
        throw new PoisonException("a mail cannot be taken back");
    }

    private static NotificationCommand readable(NotificationCommand command) {
        Customer customer = command.customer();
        // Bytes from outside: the contract's promise that nothing is null does not hold before this line.
        if (customer == null
                || customer.email() == null
                || customer.name() == null
                || command.lines() == null
                || command.total() == null) {
            throw new PoisonException("the mail lacks customer, lines or total");
        }
        return command;
    }

    private static Tuple rows(List<NotificationCommand> mails) {
        Tuple rows = Tuple.tuple();
        rows.addArrayOfUUID(mails.stream().map(NotificationCommand::orderId).toArray(UUID[]::new));
        rows.addArrayOfString(texts(mails, m -> Kind.of(m).name()));
        rows.addArrayOfString(texts(mails, m -> m.customer().email()));
        rows.addArrayOfString(texts(mails, m -> m.customer().name()));
        rows.addArrayOfString(texts(mails, Json::text));
        rows.addArrayOfString(texts(mails, Letter::messageId));
        rows.addArrayOfString(texts(mails, m -> firstState(m).name()));
        rows.addArrayOfString(texts(mails, m -> firstState(m) == State.FAILED ? "no mail address" : null));
        return rows;
    }

    private static String[] traces(List<Received<NotificationCommand>> actions) {
        return actions.stream()
                .map(action -> action.envelope().trace().traceparent())
                .toArray(String[]::new);
    }

    private static State firstState(NotificationCommand mail) {
        return Letter.canBeAddressedTo(mail.customer().email()) ? State.PENDING : State.FAILED;
    }

    private static String[] texts(
            List<NotificationCommand> mails,
            java.util.function.Function<NotificationCommand, @org.jspecify.annotations.Nullable String> of) {
        return mails.stream().map(of).toArray(String[]::new);
    }
}
