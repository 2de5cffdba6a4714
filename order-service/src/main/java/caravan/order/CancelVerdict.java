package caravan.order;

/** What becomes of a request to cancel. */
sealed interface CancelVerdict {

    /** There is no such order of the caller's; nothing was stored. */
    record Unknown() implements CancelVerdict {}

    /** The key stands for another request. */
    record KeyReused() implements CancelVerdict {}

    record Settled(CancelAnswer answer, boolean replayed) implements CancelVerdict {}

    /** It is on record, and its answer waits for the saga. */
    record Open(boolean replayed) implements CancelVerdict {}
}
