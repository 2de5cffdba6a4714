package caravan.saga.engine;

/** What may become of a step. In a definition they stand in this order: one given, any number, one pivot, any number. */
public enum Kind {
    /** Happened before the saga started; can only be undone. */
    GIVEN,
    /** May be rejected, and is undone when a later step fails. */
    COMPENSATABLE,
    /** May be rejected; once it is done the saga only goes forward. */
    PIVOT,
    /** Cannot be rejected; sent until it is done. */
    RETRIABLE
}
