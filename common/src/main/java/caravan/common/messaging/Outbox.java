package caravan.common.messaging;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;

/**
 * For what nothing redelivers (an HTTP request, a timer, an operator's verb): the message is a row of the same
 * transaction, and {@link OutboxRelay} sends it after the commit. Headers and trace context are in the row.
 */
public final class Outbox {

    private static final String ADD = """
            insert into outbox (topic, key, envelope, body)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[])""";

    private Outbox() {}

    /** Adds rows inside {@code tx}; the caller wakes the relay after the commit. */
    public static Uni<Void> add(SqlConnection tx, List<Outgoing> messages) {
        if (messages.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple rows = Tuple.of(
                messages.stream().map(Outgoing::topic).toArray(String[]::new),
                messages.stream().map(Outgoing::key).toArray(String[]::new),
                messages.stream().map(m -> Json.text(m.envelope())).toArray(String[]::new),
                messages.stream()
                        .map(m -> io.vertx.mutiny.core.buffer.Buffer.buffer(m.body())
                                .getDelegate())
                        .toArray(io.vertx.core.buffer.Buffer[]::new));
        return tx.preparedQuery(ADD).execute(rows).replaceWithVoid();
    }
}
