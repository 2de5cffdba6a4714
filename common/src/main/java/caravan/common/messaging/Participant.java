package caravan.common.messaging;

import caravan.common.contract.Command;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;

/**
 * What a service does with commands it has not seen before. Both methods run in the inbox's transaction, get commands in
 * the order they came, and give one answer for each, in that order. Set-based: the number of statements must not grow with
 * the batch.
 */
public interface Participant<C extends Command> {

    Uni<List<Answer>> act(SqlConnection tx, List<Received<C>> actions);

    /** An undo of something that never happened succeeds (rule 3). */
    Uni<List<Answer>> undo(SqlConnection tx, List<Received<C>> undos);
}
