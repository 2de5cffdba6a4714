package caravan.saga.runtime;

import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.Topics;
import caravan.common.messaging.Decoding;
import caravan.common.messaging.Envelope;
import caravan.common.messaging.Json;
import caravan.common.messaging.MessageId;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import caravan.common.sql.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * What has come for sagas whose definition only a newer build knows: while two builds run, Kafka gives an order's messages to either. It
 * waits here, as it came, until a build that knows the saga takes it up; nothing of it is lost, and no try is used up.
 */
@Singleton
class SetAside {

    private static final Logger LOG = Logger.getLogger(SetAside.class);

    private static final String ADD = """
            insert into set_aside (saga_id, message_id, topic, envelope, body)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bytea[])
            on conflict do nothing""";

    static final String TAKE = """
            delete from set_aside where id in (
              select a.id from set_aside a join sagas s on s.id = a.saga_id
              where s.definition_id = any($1) order by a.id limit $2 for update of a skip locked)
            returning id, saga_id, topic, envelope, body""";

    /** One that is to wait; once, however often it comes. */
    record Early(UUID sagaId, Envelope envelope, ConsumerRecord<String, byte[]> record) {

        static <M extends Message> Early of(UUID sagaId, Received<M> received) {
            return new Early(sagaId, received.envelope(), received.record());
        }

        /** A reply that nobody here can read; empty when it does not even say to whom it is one. */
        static Optional<Early> unread(ConsumerRecord<String, byte[]> record) {
            try {
                Envelope envelope = Envelope.read(record.headers());
                return MessageId.answeredBy(envelope.id())
                        .map(MessageId::sagaId)
                        .filter(saga ->
                                record.value() != null && saga.toString().equals(record.key()))
                        .map(saga -> new Early(saga, envelope, record));
            } catch (PoisonException _) {
                return Optional.empty();
            }
        }
    }

    /** One that waited. */
    record Late(long id, UUID sagaId, ConsumerRecord<String, byte[]> record) {

        boolean isReply() {
            return record.topic().equals(Topics.SAGA_REPLIES);
        }

        <M extends Message> Received<M> as(MessageTypes<M> types) {
            return Decoding.decode(record, types);
        }
    }

    private final SagaMetrics metrics;

    SetAside(SagaMetrics metrics) {
        this.metrics = metrics;
    }

    /** Part of the transaction that found out that they are not ours. */
    Uni<Void> add(SqlConnection tx, List<Early> early) {
        if (early.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple rows = Columns.of(early)
                .uuid(Early::sagaId)
                .text(each -> each.envelope().id())
                .text(each -> each.record().topic())
                .text(each -> Json.text(each.envelope()))
                .tuple()
                .addValue(early.stream()
                        .map(each -> Buffer.buffer(each.record().value()))
                        .toArray(Buffer[]::new));
        return tx.preparedQuery(ADD)
                .execute(rows)
                .invoke(added -> tell(added.rowCount()))
                .replaceWithVoid();
    }

    private void tell(int messages) {
        LOG.infof("%d messages are for sagas of a newer build: set aside for it", messages);
        metrics.setAside(messages);
    }

    /** Those of sagas whose definition is one of these, as they came; they are gone once {@code tx} is committed. */
    Uni<List<Late>> take(SqlConnection tx, Integer[] definitions, int limit) {
        return tx.preparedQuery(TAKE).execute(Tuple.of(definitions, limit)).map(SetAside::late);
    }

    private static List<Late> late(RowSet<Row> rows) {
        List<Late> late = new ArrayList<>();
        for (Row row : rows) {
            late.add(new Late(row.getLong("id"), row.getUUID("saga_id"), record(row)));
        }
        late.sort(Comparator.comparingLong(Late::id));
        return late;
    }

    /** As it came; where it stood, nobody asks. */
    private static ConsumerRecord<String, byte[]> record(Row row) {
        Outgoing said = new Outgoing(
                row.getString("topic"),
                row.getUUID("saga_id").toString(),
                Json.read(row.getString("envelope"), Envelope.class),
                row.getBuffer("body").getBytes());
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(said.topic(), 0, 0, said.key(), said.body());
        said.record().headers().forEach(record.headers()::add);
        return record;
    }
}
