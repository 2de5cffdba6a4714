package caravan.saga.simulation;

import caravan.common.contract.Command;
import caravan.common.messaging.Answer;
import caravan.common.messaging.Received;

/** A participant's own rows, and what commands do to them. */
interface Books {

    Answer act(Received<Command> command);

    Answer undo(Received<Command> command);

    /** Gives what puts the rows back as they are now: a rollback. */
    Runnable remembered();

    /** A commit went through in this process. */
    default void committed(Node node) {}
}
