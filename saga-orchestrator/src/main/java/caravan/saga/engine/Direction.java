package caravan.saga.engine;

/** Whether a command, or the reply to it, is about a step's action or about its undo. */
public enum Direction {
    DO,
    UNDO
}
