package caravan.saga.ops;

import caravan.common.contract.Topics;
import caravan.common.messaging.Messaging;
import caravan.common.sql.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Dead letters as rows, what operators decide of them, and those on their way back. */
@Singleton
class LetterStore {

    private static final String ADD = """
            insert into dead_letters (id, topic, partition, "offset", consumer, cause, attempts, failed_at, message_id, type,
              saga_id, said_at, key, headers, body)
            select * from unnest($1::uuid[], $2::text[], $3::int[], $4::bigint[], $5::text[], $6::text[], $7::int[],
              $8::timestamptz[], $9::text[], $10::text[], $11::uuid[], $12::timestamptz[], $13::text[], $14::text[], $15::bytea[])
            on conflict do nothing""";

    static final String FITS = """
            ($1::text is null or state = $1) and ($2::text is null or topic = $2)
              and ($3::text is null or position($3 in cause) > 0)""";

    /** What participants still take: of a saga that may be forgotten they would make a new one (rule 11). */
    private static final String TAKEN_STILL = """
            (said_at is null or said_at >= $4 or not (topic like '%.commands.v1' or topic = 'order.events.v1'))""";

    private static final String CHOSEN = """
            with chosen as (
              select id, topic, key, number, saga_id, message_id from dead_letters where
            """ + FITS + " and " + TAKEN_STILL + """

            order by number limit $5 for update)
            """;

    /** An action whose undo an operator has skipped: no tombstone would stop it (rule 3), and people have taken it back. */
    private static final String WANTED_STILL = """
            not exists (select from operator_orders o where o.saga_id = c.saga_id and o.verb = 'SKIP'
              and c.message_id = o.saga_id || ':' || o.step || ':do')""";

    /** No letter overtakes an earlier one of its saga that stays. */
    private static final String ORDERLY = WANTED_STILL + """

            and not exists (select from dead_letters e where e.topic = c.topic and e.key = c.key and e.number < c.number
              and e.state = 'OPEN' and e.id not in (select id from chosen))""";

    static final String COUNT = CHOSEN + "select count(*) as matched, count(*) filter (where " + ORDERLY + """
            ) as done from chosen c""";

    static final String QUEUE = CHOSEN + """
            , queued as (
              update dead_letters d set state = 'QUEUED', operator = $6, decided_at = $7, traceparent = $8
              from chosen c where d.id = c.id and
            """ + ORDERLY + """

            returning d.id)
            select (select count(*) from chosen) as matched, (select count(*) from queued) as done""";

    static final String DISCARD = CHOSEN + """
            , discarded as (
              update dead_letters d set state = 'DISCARDED', operator = $6, decided_at = $7, reason = $8
              from chosen c where d.id = c.id returning d.id)
            select (select count(*) from chosen) as matched, (select count(*) from discarded) as done""";

    static final String QUEUE_ONE = """
            update dead_letters c set state = 'QUEUED', operator = $2, decided_at = $3, traceparent = $4
            where c.id = $1 and c.state = 'OPEN' and not exists (
              select from dead_letters e where e.topic = c.topic and e.key = c.key and e.number < c.number and e.state = 'OPEN')
            and
            """ + WANTED_STILL;

    static final String DISCARD_ONE = """
            update dead_letters set state = 'DISCARDED', operator = $2, decided_at = $3, reason = $4
            where id = $1 and state = 'OPEN'""";

    /** One sender at a time, or two replicas could change the order of a saga's letters. */
    private static final String ALONE = "select pg_try_advisory_xact_lock(%d) as alone".formatted(0xDEAD1E77E2L);

    static final String TAKE = """
            select id, topic, key, headers, body, traceparent from dead_letters
            where state = 'QUEUED' order by number limit $1 for update""";

    private static final String SENT = "update dead_letters set state = 'REPLAYED' where id = any($1)";

    static final String FORGET = """
            delete from dead_letters where id in (
              select id from dead_letters where state in ('REPLAYED', 'DISCARDED') and decided_at < $1
              order by decided_at limit $2)""";

    /** One on its way back. */
    record Queued(
            UUID id,
            ConsumerRecord<String, byte[]> record,
            @Nullable String traceparent) {}

    /**
     * How many it was about.
     *
     * @param matched those that the filter finds, within the limit
     * @param done those that it was done to
     */
    record Counted(int matched, int done) {}

    /** Who decides, and why. */
    record Decision(String operator, Instant at, @Nullable String word) {}

    private final Pool pool;
    private final Duration replayWindow;

    LetterStore(Pool pool, Messaging messaging) {
        this.pool = pool;
        this.replayWindow = messaging.replayWindow();
    }

    Uni<Void> add(List<Letter> letters) {
        Tuple rows = Columns.of(letters)
                .uuid(Letter::id)
                .text(Letter::topic)
                .number(Letter::partition)
                .bigNumber(Letter::offset)
                .text(Letter::consumer)
                .text(Letter::cause)
                .number(Letter::attempts)
                .time(Letter::failedAt)
                .text(Letter::messageId)
                .text(Letter::type)
                .uuid(Letter::sagaId)
                .time(Letter::saidAt)
                .text(letter -> key(letter.record()))
                .text(letter -> RecordText.write(letter.record()))
                .tuple()
                .addValue(letters.stream().map(letter -> body(letter.record())).toArray(Buffer[]::new));
        return pool.preparedQuery(ADD).execute(rows).replaceWithVoid();
    }

    Uni<Counted> count(LetterFilter filter, int limit, Instant now) {
        return pool.preparedQuery(COUNT)
                .execute(chosen(filter, limit, now))
                .map(rows -> counted(rows.iterator().next()));
    }

    /** @param decision with the traceparent of whoever replays */
    Uni<Counted> queue(LetterFilter filter, int limit, Decision decision) {
        return decide(QUEUE, filter, limit, decision);
    }

    /** @param decision with the reason */
    Uni<Counted> discard(LetterFilter filter, int limit, Decision decision) {
        return decide(DISCARD, filter, limit, decision);
    }

    private Uni<Counted> decide(String sql, LetterFilter filter, int limit, Decision decision) {
        Tuple arguments = chosen(filter, limit, decision.at)
                .addString(decision.operator)
                .addOffsetDateTime(utc(decision.at))
                .addString(decision.word);
        return pool.preparedQuery(sql)
                .execute(arguments)
                .map(rows -> counted(rows.iterator().next()));
    }

    /** Whether it would be refused, since its saga may be forgotten (rule 11). */
    boolean isTooOld(String topic, @Nullable Instant saidAt, Instant now) {
        boolean actsOnce = topic.endsWith(".commands.v1") || topic.equals(Topics.ORDER_EVENTS);
        return actsOnce && saidAt != null && saidAt.isBefore(now.minus(replayWindow));
    }

    /** False when it is not open, or an earlier one of its saga is. */
    Uni<Boolean> queue(UUID id, Decision decision) {
        return decide(QUEUE_ONE, id, decision);
    }

    /** False when it is not open. */
    Uni<Boolean> discard(UUID id, Decision decision) {
        return decide(DISCARD_ONE, id, decision);
    }

    private Uni<Boolean> decide(String sql, UUID id, Decision decision) {
        return pool.preparedQuery(sql)
                .execute(Tuple.of(id, decision.operator, utc(decision.at), decision.word))
                .map(rows -> rows.rowCount() == 1);
    }

    /** The next ones to send, locked until the transaction ends; none while somebody else sends. */
    Uni<List<Queued>> take(SqlConnection tx, int limit) {
        return tx.query(ALONE)
                .execute()
                .chain(rows -> rows.iterator().next().getBoolean("alone")
                        ? tx.preparedQuery(TAKE).execute(Tuple.of(limit)).map(found -> {
                            List<Queued> queued = new ArrayList<>();
                            found.forEach(row -> queued.add(queued(row)));
                            return queued;
                        })
                        : Uni.createFrom().item(List.of()));
    }

    Uni<Void> sent(SqlConnection tx, List<Queued> letters) {
        return tx.preparedQuery(SENT)
                .execute(Columns.of(letters).uuid(Queued::id).tuple())
                .replaceWithVoid();
    }

    /** Gives how many. */
    Uni<Integer> forget(Instant decidedBefore, int limit) {
        return pool.preparedQuery(FORGET)
                .execute(Tuple.of(utc(decidedBefore), limit))
                .map(rows -> rows.rowCount());
    }

    private Tuple chosen(LetterFilter filter, int limit, Instant now) {
        LetterFilter open = new LetterFilter(LetterState.OPEN, filter.topic(), filter.cause());
        return filter(open).addOffsetDateTime(utc(now.minus(replayWindow))).addInteger(limit);
    }

    static Tuple filter(LetterFilter filter) {
        return Tuple.tuple()
                .addString(filter.state() == null ? null : filter.state().name())
                .addString(filter.topic())
                .addString(filter.cause());
    }

    private static Counted counted(Row row) {
        return new Counted(row.getInteger("matched"), row.getInteger("done"));
    }

    private static Queued queued(Row row) {
        Headers headers = RecordText.read(row.getString("headers"));
        @Nullable Buffer body = row.getDelegate().getBuffer("body");
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(
                row.getString("topic"), 0, 0, row.getString("key"), body == null ? null : body.getBytes());
        headers.forEach(record.headers()::add);
        return new Queued(row.getUUID("id"), record, row.getString("traceparent"));
    }

    private static @Nullable String key(ConsumerRecord<String, byte[]> record) {
        return record.key() == null ? null : Letter.storable(record.key());
    }

    private static @Nullable Buffer body(ConsumerRecord<String, byte[]> record) {
        return record.value() == null ? null : Buffer.buffer(record.value());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
