package caravan.saga.ops;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Dead letters as operators look at them. */
@Singleton
class LetterReads {

    private static final String SHOWN = """
            select id, number, topic, partition, "offset", consumer, cause, attempts, failed_at, message_id, type, saga_id, said_at,
              state, operator, reason, decided_at, headers, body from dead_letters
            where""";

    static final String LIST =
            SHOWN + LetterStore.FITS + " and ($4::bigint is null or number < $4) order by number desc limit $5";
    static final String FIND = SHOWN + " id = $1";

    static final String OPEN_BY_TOPIC = """
            select topic, count(*) as open from dead_letters where state in ('OPEN', 'QUEUED') group by topic""";

    private final Pool pool;

    LetterReads(Pool pool) {
        this.pool = pool;
    }

    Uni<List<LetterView>> list(LetterFilter filter, @Nullable Long before, int limit) {
        Tuple arguments = LetterStore.filter(filter).addLong(before).addInteger(limit);
        return pool.preparedQuery(LIST).execute(arguments).map(rows -> {
            List<LetterView> letters = new ArrayList<>();
            rows.forEach(row -> letters.add(view(row, false)));
            return letters;
        });
    }

    Uni<Optional<LetterView>> find(UUID id) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(id))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(view(rows.iterator().next(), true)));
    }

    /** How many wait for a decision, or to be sent. */
    Uni<Map<String, Long>> openByTopic() {
        return pool.query(OPEN_BY_TOPIC).execute().map(rows -> {
            Map<String, Long> open = new HashMap<>();
            rows.forEach(row -> open.put(row.getString("topic"), row.getLong("open")));
            return open;
        });
    }

    private static LetterView view(Row row, boolean whole) {
        OffsetDateTime said = row.getOffsetDateTime("said_at");
        OffsetDateTime decided = row.getOffsetDateTime("decided_at");
        @Nullable Buffer body = row.getDelegate().getBuffer("body");
        return new LetterView(
                row.getUUID("id"),
                row.getLong("number"),
                row.getString("topic"),
                row.getInteger("partition"),
                row.getLong("offset"),
                row.getString("consumer"),
                row.getString("cause"),
                row.getInteger("attempts"),
                row.getOffsetDateTime("failed_at").toInstant(),
                row.getString("message_id"),
                row.getString("type"),
                row.getUUID("saga_id"),
                said == null ? null : said.toInstant(),
                LetterState.valueOf(row.getString("state")),
                row.getString("operator"),
                row.getString("reason"),
                decided == null ? null : decided.toInstant(),
                traceId(RecordText.read(row.getString("headers"))),
                whole && body != null ? Payload.shown(body.getBytes()) : null);
    }

    private static @Nullable String traceId(Headers headers) {
        Header header = headers.lastHeader("traceparent");
        return header == null || header.value() == null || header.value().length < 35
                ? null
                : new String(header.value(), US_ASCII).substring(3, 35);
    }
}
