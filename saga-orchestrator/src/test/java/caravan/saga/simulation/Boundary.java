package caravan.saga.simulation;

/** The moments between two durable ones, at which a process may die or stand still. */
enum Boundary {
    /** The transaction is lost. */
    BEFORE_COMMIT,
    /** The state is there, nothing is sent. */
    AFTER_COMMIT,
    /** Half of it is sent. */
    WHILE_SENDING,
    /** All is sent; the offset is not committed, the outbox row not deleted. */
    AFTER_SENDING
}
