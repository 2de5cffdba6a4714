package caravan.saga.simulation;

import caravan.common.messaging.MessageId;
import java.util.ArrayList;
import java.util.List;

/** What a transaction has done so far: told to the audit with its commit, forgotten with its rollback. */
final class Effects {

    private final Audit audit;
    private final List<MessageId> acted = new ArrayList<>();
    private final List<MessageId> undone = new ArrayList<>();

    Effects(Audit audit) {
        this.audit = audit;
    }

    void acted(MessageId command) {
        acted.add(command);
    }

    void undone(MessageId command) {
        undone.add(command);
    }

    void commit() {
        acted.forEach(audit::acted);
        undone.forEach(audit::undone);
        rollback();
    }

    void rollback() {
        acted.clear();
        undone.clear();
    }
}
