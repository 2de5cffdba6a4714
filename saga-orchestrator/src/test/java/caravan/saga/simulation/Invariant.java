package caravan.saga.simulation;

/** What must hold, of the saga protocol. */
enum Invariant {
    /** An approved order has stock, a payment and a parcel; one that ended otherwise has none of them. */
    ALL_OR_NOTHING,
    /** On hand + reserved = what was put in, and never below nothing. */
    STOCK,
    /** No second capture, no refund above its capture. */
    MONEY,
    /** An accepted order has exactly one saga, which starts once. */
    ONE_SAGA,
    /** An open saga is looked at when its deadline has passed. */
    NO_ORPHAN,
    /** What came later is undone before what came first. */
    UNDO_ORDER,
    /** An action that was undone takes no effect any more. */
    LATE_ACTION,
    /** A saga gets stuck only where its undo could not be answered. */
    NEEDLESSLY_STUCK,
    /** Where nothing goes wrong no saga gives up. */
    NEEDLESSLY_GIVEN_UP,
    /** One confirmation for each order that was approved, none for others. */
    MAIL,
    /** A command takes effect once. */
    ONCE,
    /** A command that is sent again is the same command. */
    SAME_COMMAND,
    /** A saga's transitions are numbered without a gap, none twice, and nothing follows its end. */
    HISTORY,
    /** Whoever follows the events knows every transition. */
    READ_MODEL,
    /** A record is put aside only where its handler was made to fail, or must refuse it. */
    NO_DEFECT,
    /** Once nothing goes wrong any more everything ends. */
    ENDS,
    /** What belongs to a saga that is forgotten is refused. */
    FORGOTTEN
}
