package caravan.common.messaging;

import caravan.common.contract.Command;
import caravan.common.contract.Reply;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * An inbox table in memory under the production rules: {@link InboxPlan} decides, {@link Inbox#replies} answers. Two
 * transactions may overlap: the second one that records the same command fails on the primary key.
 */
public final class SimulatedInbox {

    /** What a faulty inbox would do; all false is the real one. */
    public record Faulty(
            boolean checksNothing, boolean noTombstones, boolean undoesAgain, boolean duplicatesUnanswered) {}

    /** One batch: what was known when the transaction began, and what it finds out. */
    public static final class Batch {
        private final List<Received<Command>> commands;
        private final Map<MessageId, Optional<Reply>> known;
        private final InboxPlan<Received<Command>> plan;

        private Batch(List<Received<Command>> commands, Map<MessageId, Optional<Reply>> known, Set<MessageId> seen) {
            this.commands = commands;
            this.known = known;
            this.plan = InboxPlan.of(commands, Received::commandId, seen);
        }

        public int duplicates() {
            return plan.duplicates().size();
        }

        public int tombstones() {
            return plan.tombstones().size();
        }
    }

    private final String source;
    private final Faulty faulty;
    private final Map<MessageId, Optional<Reply>> rows = new HashMap<>();

    public SimulatedInbox(String source, Faulty faulty) {
        this.source = source;
        this.faulty = faulty;
    }

    /** What is on record of these commands and their actions. */
    public Batch load(List<Received<Command>> commands) {
        Map<MessageId, Optional<Reply>> known = new HashMap<>();
        Set<MessageId> seen = new LinkedHashSet<>();
        for (Received<Command> command : commands) {
            remember(command.commandId(), known, seen);
            remember(command.commandId().action(), known, seen);
        }
        return new Batch(commands, known, seen);
    }

    private void remember(MessageId id, Map<MessageId, Optional<Reply>> known, Set<MessageId> seen) {
        Optional<Reply> row = rows.get(id);
        boolean forgotten = faulty.checksNothing || (faulty.undoesAgain && id.isUndo());
        if (row != null && !forgotten) {
            known.put(id, row);
            seen.add(id);
        }
    }

    /**
     * Has the fresh ones done, actions first, and records their answers; gives the replies to send.
     *
     * @throws IllegalStateException when another transaction has recorded one of them meanwhile
     */
    public List<Outgoing> commit(
            Batch batch,
            Function<Received<Command>, Answer> act,
            Function<Received<Command>, Answer> undo,
            Instant now) {
        Map<MessageId, Optional<Reply>> fresh = new LinkedHashMap<>();
        if (!faulty.noTombstones) {
            batch.plan.tombstones().forEach(id -> fresh.put(id, Optional.of(new Reply.Refused())));
        }
        batch.plan.actions().forEach(command -> fresh.put(command.commandId(), replyOf(act.apply(command))));
        batch.plan.undos().forEach(command -> fresh.put(command.commandId(), replyOf(undo.apply(command))));
        if (!faulty.checksNothing && !faulty.undoesAgain) {
            fresh.keySet().forEach(this::refuseTwice);
        }
        rows.putAll(fresh);
        List<Received<Command>> answered = faulty.duplicatesUnanswered
                ? batch.commands.stream()
                        .filter(c -> fresh.containsKey(c.commandId()))
                        .toList()
                : batch.commands;
        return Inbox.replies(answered, batch.known, fresh, source).stream()
                .map(out -> out.at(now))
                .toList();
    }

    private void refuseTwice(MessageId id) {
        if (rows.containsKey(id)) {
            throw new IllegalStateException("duplicate key: inbox_pk " + id);
        }
    }

    private static Optional<Reply> replyOf(Answer answer) {
        return switch (answer) {
            case Answer.Now now -> Optional.of(now.reply());
            case Answer.Later _ -> Optional.empty();
        };
    }

    /** As {@link Inbox#answer}: a command that has a reply already keeps it. */
    public void answer(MessageId id, Reply reply) {
        rows.computeIfPresent(id, (_, before) -> before.isPresent() ? before : Optional.of(reply));
    }

    /** As {@link Retention}. */
    public void forget(Set<UUID> sagas) {
        rows.keySet().removeIf(id -> sagas.contains(id.sagaId()));
    }
}
