package caravan.saga.ops;

import caravan.common.contract.MessageTypes;
import caravan.common.contract.SagaAdvanced;
import java.util.ArrayList;
import java.util.List;

/** A saga's transitions as they are read, with what follows from their order: how often each command was sent. */
final class StepLog {

    private final List<SagaView.Entry> entries = new ArrayList<>();
    private int attempt = 1;

    void add(SagaAdvanced event, String cause) {
        if (event.what() == SagaAdvanced.What.RESENT) {
            attempt++;
        }
        entries.add(new SagaView.Entry(
                event.sequence(),
                event.at(),
                event.step(),
                event.what(),
                event.phase(),
                cause,
                attempt,
                event.reply() == null ? null : MessageTypes.nameOf(event.reply())));
        if (leaves(event.what())) {
            attempt = 1;
        }
    }

    /** What follows is another command. */
    private static boolean leaves(SagaAdvanced.What what) {
        return switch (what) {
            case STARTED, DONE, REJECTED, TIMED_OUT, CANCELLED, UNDONE -> true;
            case DEFERRED, RESENT, STUCK -> false;
        };
    }

    List<SagaView.Entry> entries() {
        return List.copyOf(entries);
    }
}
