package caravan.notification;

import caravan.common.contract.NotificationCommand.SendConfirmation;
import caravan.common.messaging.Json;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The confirmations as tests look at them. */
@Singleton
class Table {

    private static final Duration BOUND = Duration.ofSeconds(5);

    private final Pool pool;

    Table(Pool pool) {
        this.pool = pool;
    }

    String stateOf(UUID order) {
        return row(order).map(row -> row.getString("state")).orElse("none");
    }

    int attemptsOf(UUID order) {
        return row(order).map(row -> row.getInteger("attempts")).orElse(0);
    }

    /** How many of a saga's commands the inbox knows. */
    long received(UUID saga) {
        return pool.preparedQuery("select count(*) from inbox where saga_id = $1")
                .execute(Tuple.of(saga))
                .await()
                .atMost(BOUND)
                .iterator()
                .next()
                .getLong(0);
    }

    /** What a sender leaves behind that died with the mail on its way. */
    void leaveInSending(SendConfirmation confirmation) {
        pool.preparedQuery("""
                        insert into confirmations (order_id, kind, email, name, content, message_id, state, attempts, leased_until)
                        values ($1, 'CONFIRMATION', $2, '', $3::text::jsonb, '', 'SENDING', 1, now() - interval '1 second')""")
                .execute(
                        Tuple.of(confirmation.orderId(), confirmation.customer().email(), Json.text(confirmation)))
                .await()
                .atMost(BOUND);
    }

    private Optional<Row> row(UUID order) {
        var rows = pool.preparedQuery(
                        "select state, attempts from confirmations where order_id = $1 and kind = 'CONFIRMATION'")
                .execute(Tuple.of(order))
                .await()
                .atMost(BOUND)
                .iterator();
        return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
    }
}
