package caravan.order;

import caravan.common.sql.WalPosition;

/** What becomes of a request to cancel. */
sealed interface CancelVerdict {

    /** There is no such order of the caller's; nothing was stored. */
    record Unknown() implements CancelVerdict {}

    /** The key stands for another request. */
    record KeyReused() implements CancelVerdict {}

    /**
     * It is answered.
     *
     * @param at not before anything that the answer says
     */
    record Settled(CancelAnswer answer, boolean replayed, WalPosition at) implements CancelVerdict {}

    /** It is on record, and its answer waits for the saga. */
    record Open(boolean replayed) implements CancelVerdict {}
}
