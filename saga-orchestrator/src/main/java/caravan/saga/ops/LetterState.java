package caravan.saga.ops;

/** What became of a dead letter. */
enum LetterState {
    OPEN,
    /** To be sent again, as fast as may be. */
    QUEUED,
    REPLAYED,
    DISCARDED
}
