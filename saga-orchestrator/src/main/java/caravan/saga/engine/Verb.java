package caravan.saga.engine;

/** What an operator can order a saga to do. None of them can make it lose an effect, or have one twice. */
public enum Verb {
    /** Asks the step it waits for again, now, with all its tries and all its time. */
    RETRY,
    /** Gives up before the pivot is done, as after the last try: the step may have happened, so it is undone first. */
    COMPENSATE,
    /**
     * Takes an undo for done that people have done by other means, or will. Not the order's own: it would stay as it is for
     * ever. Nor an action: a step after the pivot is worth its tries, one before it is given up.
     */
    SKIP,
    /** A stuck saga goes on undoing where it stands, with all its tries. */
    RESUME
}
