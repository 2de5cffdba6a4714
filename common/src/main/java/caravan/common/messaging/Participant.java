package caravan.common.messaging;

import caravan.common.contract.Command;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;

/**
 * What a service does with commands it has not seen before. All methods run in the inbox's transaction and get commands
 * in the order they came; {@code act} and {@code undo} give one answer for each, in that order. Set-based: the number of
 * statements must not grow with the batch.
 */
public interface Participant<C extends Command> {

    /**
     * Runs before the other two, with all that they will get. A participant whose rows are shared between sagas takes the
     * locks of the whole batch here, in a fixed order: actions and undos that lock one after the other could each wait for
     * what the other's batch holds.
     */
    default Uni<Void> lock(SqlConnection tx, List<Received<C>> actions, List<Received<C>> undos) {
        return Uni.createFrom().voidItem();
    }

    Uni<List<Answer>> act(SqlConnection tx, List<Received<C>> actions);

    /** An undo of something that never happened succeeds (rule 3). */
    Uni<List<Answer>> undo(SqlConnection tx, List<Received<C>> undos);
}
