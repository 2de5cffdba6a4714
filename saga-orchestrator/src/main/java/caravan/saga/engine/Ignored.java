package caravan.saga.engine;

/** Why a signal changed nothing. A closed list: usable as the tag of a metric. */
public enum Ignored {
    /** The definition has no step of that name. */
    UNKNOWN_STEP,
    /** The participant refused an action whose undo had come first; nothing happened there. */
    REFUSED,
    /** The saga has ended. */
    ENDED,
    /** The saga is past that step, or the deferral is over already. */
    LATE,
    /** The saga has not sent that command. */
    NOT_ASKED,
    /** The reply is of a kind this command cannot have: a rejected undo, a charge for a reservation. */
    UNFIT,
    /** A deferral that changes neither the due time nor the count of tries: a duplicate. */
    ALREADY_DEFERRED,
    /** A cancel at the pivot or after it, or an order to give up after it: the saga only goes forward, or is about to. */
    TOO_LATE,
    /** A cancel of a saga that undoes for another reason; an order to give up what has been given up. */
    TURNED_ROUND,
    /** An order for a step that the saga has left meanwhile. */
    ELSEWHERE,
    /** An order to ask again what nobody waits for: a stuck saga is resumed, or its undo skipped. */
    STUCK,
    /** An order to resume a saga that is under way. */
    NOT_STUCK,
    /** An order to skip what has to happen. */
    INDISPENSABLE,
    /** Only another build has the saga's definition. */
    FOREIGN,
    /** The deadline has moved since, or the saga waits for an operator and has none. */
    NOT_DUE
}
