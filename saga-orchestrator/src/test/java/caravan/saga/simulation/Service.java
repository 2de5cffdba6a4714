package caravan.saga.simulation;

import caravan.common.contract.Command;
import caravan.common.messaging.Outgoing;
import caravan.common.messaging.Received;
import caravan.common.messaging.SimulatedInbox;
import caravan.common.messaging.SimulatedInbox.Batch;
import caravan.common.messaging.SimulatedInbox.Faulty;
import java.util.List;

/** A participant: an inbox before its books, one transaction for both. */
final class Service implements Handler {

    private final World world;
    private final SimulatedInbox inbox;
    private final Books books;
    private final Effects effects;
    private final Runnable check;

    /** @param check of the books, after each commit */
    Service(World world, SimulatedInbox inbox, Books books, Effects effects, Runnable check) {
        this.world = world;
        this.inbox = inbox;
        this.books = books;
        this.effects = effects;
        this.check = check;
    }

    static Faulty faulty(World world) {
        return new Faulty(
                world.has(Bug.NO_INBOX_CHECK),
                world.has(Bug.NO_TOMBSTONE),
                world.has(Bug.COMPENSATE_TWICE),
                world.has(Bug.DUPLICATE_UNANSWERED));
    }

    @Override
    @SuppressWarnings("unchecked") // the topic carries commands
    public Unit begin(Node node, List<Received<?>> batch) {
        List<Received<Command>> commands =
                batch.stream().map(received -> (Received<Command>) received).toList();
        Batch loaded = inbox.load(commands);
        return new Unit() {
            @Override
            public List<Outgoing> commit() {
                List<Outgoing> out = Service.this.commit(node, loaded);
                commands.forEach(
                        c -> world.tell("%s: %s", node.name(), c.envelope().id()));
                return out;
            }

            @Override
            public void release() {}
        };
    }

    private List<Outgoing> commit(Node node, Batch loaded) {
        Runnable restore = books.remembered();
        List<Outgoing> out;
        try {
            out = inbox.commit(loaded, books::act, books::undo, world.now());
        } catch (RuntimeException fault) {
            restore.run();
            effects.rollback();
            throw fault;
        }
        world.count("duplicates answered from the inbox", loaded.duplicates());
        world.count("tombstones", loaded.tombstones());
        effects.commit();
        check.run();
        books.committed(node);
        return out;
    }
}
