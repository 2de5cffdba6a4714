package caravan.common.messaging;

import caravan.common.contract.Command;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.Reply;
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import io.micrometer.core.instrument.Counter;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Effects once (rule 2): the participant's rows and the inbox rows with the replies are one transaction. A duplicate
 * changes nothing and gets the recorded reply; an action that comes after its undo finds the tombstone and is refused
 * (rule 3).
 *
 * <p>Two consumers that hold the same record (a rebalance) meet on the primary key: the second one's transaction fails and
 * is tried again, and then finds the first one's record.
 */
public final class Inbox<C extends Command> implements Intake.Handler<C> {

    static final String LOAD = """
            select i.saga_id, i.step, i.undo, i.reply_type, i.reply
            from inbox i
            join unnest($1::uuid[], $2::text[], $3::bool[]) as k (saga_id, step, undo)
              on i.saga_id = k.saga_id and i.step = k.step and i.undo = k.undo""";

    /** In a fixed order: two consumers that hold the same records wait for each other, and never in a circle. */
    private static final String STORE = """
            insert into inbox (saga_id, step, undo, reply_type, reply, received_at)
            select k.*, now()
            from unnest($1::uuid[], $2::text[], $3::bool[], $4::text[], $5::text[]) as k
            order by 1, 2, 3""";

    static final String ANSWER = """
            update inbox i set reply_type = k.reply_type, reply = k.reply
            from unnest($1::uuid[], $2::text[], $3::bool[], $4::text[], $5::text[])
              as k (saga_id, step, undo, reply_type, reply)
            where i.saga_id = k.saga_id and i.step = k.step and i.undo = k.undo and i.reply_type is null""";

    private final Pool pool;
    private final Participant<C> participant;
    private final String source;
    private final Counter duplicates;

    Inbox(Pool pool, Participant<C> participant, String source, Counter duplicates) {
        this.pool = pool;
        this.participant = participant;
        this.source = source;
        this.duplicates = duplicates;
    }

    @Override
    public Uni<List<Outgoing>> handle(List<Received<C>> batch) {
        return Transactions.run(pool, tx -> load(tx, batch).chain(known -> work(tx, batch, known)));
    }

    private Uni<Writes<List<Outgoing>>> work(
            SqlConnection tx, List<Received<C>> batch, Map<MessageId, Optional<Reply>> known) {
        InboxPlan<Received<C>> plan = InboxPlan.of(batch, Received::commandId, known.keySet());
        Map<MessageId, Optional<Reply>> fresh = new LinkedHashMap<>();
        plan.tombstones().forEach(id -> fresh.put(id, Optional.of(new Reply.Refused())));
        return participant
                .lock(tx, plan.actions(), plan.undos())
                .chain(() -> run(plan.actions(), items -> participant.act(tx, items), fresh))
                .chain(() -> run(plan.undos(), items -> participant.undo(tx, items), fresh))
                .map(_ -> {
                    duplicates.increment(plan.duplicates().size());
                    return new Writes<>(replies(batch, known, fresh, source), List.of(write(tx, STORE, fresh)));
                });
    }

    private Uni<Void> run(
            List<Received<C>> items,
            java.util.function.Function<List<Received<C>>, Uni<List<Answer>>> work,
            Map<MessageId, Optional<Reply>> into) {
        if (items.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return work.apply(items)
                .invoke(answers -> {
                    if (answers.size() != items.size()) {
                        throw new IllegalStateException(
                                answers.size() + " answers to " + items.size() + " commands, first "
                                        + items.getFirst().envelope().id());
                    }
                    for (int i = 0; i < items.size(); i++) {
                        into.put(items.get(i).commandId(), replyOf(answers.get(i)));
                    }
                })
                .replaceWithVoid();
    }

    private static Optional<Reply> replyOf(Answer answer) {
        return switch (answer) {
            case Answer.Now now -> Optional.of(now.reply());
            case Answer.Later _ -> Optional.empty();
        };
    }

    /** One for each command that has a reply by now, the duplicates' among them. */
    static <C extends Command> List<Outgoing> replies(
            List<Received<C>> batch,
            Map<MessageId, Optional<Reply>> known,
            Map<MessageId, Optional<Reply>> fresh,
            String source) {
        List<Outgoing> out = new ArrayList<>();
        for (Received<C> received : batch) {
            MessageId id = received.commandId();
            Optional<Reply> reply = fresh.containsKey(id) ? fresh.get(id) : known.get(id);
            if (reply != null && reply.isPresent()) {
                out.add(Outgoing.reply(id, source, received.envelope().trace(), reply.get()));
            }
        }
        return out;
    }

    private Uni<Map<MessageId, Optional<Reply>>> load(SqlConnection tx, List<Received<C>> batch) {
        Set<MessageId> ids = new LinkedHashSet<>();
        for (Received<C> received : batch) {
            ids.add(received.commandId());
            ids.add(received.commandId().action());
        }
        List<MessageId> keys = List.copyOf(ids);
        return tx.preparedQuery(LOAD).execute(keys(keys, 3)).map(rows -> {
            Map<MessageId, Optional<Reply>> known = new HashMap<>();
            for (Row row : rows) {
                known.put(idOf(row), replyOf(row));
            }
            return known;
        });
    }

    /**
     * Records the replies of commands that were answered {@link Answer.Later}, inside {@code tx}; what is to be sent after
     * its commit the caller builds with {@link Outgoing#reply}. A command that has a reply already keeps it.
     */
    public static Uni<Void> answer(SqlConnection tx, Map<MessageId, Reply> replies) {
        Map<MessageId, Optional<Reply>> rows = new LinkedHashMap<>();
        replies.forEach((id, reply) -> rows.put(id, Optional.of(reply)));
        return write(tx, ANSWER, rows);
    }

    private static Uni<Void> write(SqlConnection tx, String sql, Map<MessageId, Optional<Reply>> rows) {
        if (rows.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        Tuple values = keys(List.copyOf(rows.keySet()), 5);
        values.addArrayOfString(rows.values().stream()
                .map(reply -> reply.map(MessageTypes::nameOf).orElse(null))
                .toArray(String[]::new));
        values.addArrayOfString(rows.values().stream()
                .map(reply -> reply.map(Json::text).orElse(null))
                .toArray(String[]::new));
        return tx.preparedQuery(sql).execute(values).replaceWithVoid();
    }

    private static Tuple keys(List<MessageId> ids, int size) {
        Tuple tuple = Tuple.newInstance(new io.vertx.sqlclient.impl.ArrayTuple(size));
        tuple.addArrayOfUUID(ids.stream().map(MessageId::sagaId).toArray(UUID[]::new));
        tuple.addArrayOfString(ids.stream().map(MessageId::step).toArray(String[]::new));
        tuple.addArrayOfBoolean(ids.stream().map(MessageId::isUndo).toArray(Boolean[]::new));
        return tuple;
    }

    private static MessageId idOf(Row row) {
        Direction direction = row.getBoolean("undo") ? Direction.UNDO : Direction.DO;
        return new MessageId(row.getUUID("saga_id"), row.getString("step"), direction);
    }

    private static Optional<Reply> replyOf(Row row) {
        String type = row.getString("reply_type");
        if (type == null) {
            return Optional.empty();
        }
        Class<? extends Reply> target = MessageTypes.REPLIES
                .classOf(type)
                .orElseThrow(() -> new IllegalStateException("the inbox holds an unknown reply: " + type));
        return Optional.of(Json.read(row.getString("reply"), target));
    }
}
