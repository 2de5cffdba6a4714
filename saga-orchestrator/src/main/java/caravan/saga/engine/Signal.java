package caravan.saga.engine;

import caravan.common.contract.Reply;

/** What can happen to a saga. */
public sealed interface Signal {

    /** A participant replied to the command of that step and direction. */
    record Answered(String step, Direction direction, Reply reply) implements Signal {}

    /** The due time of the last Advance is over. */
    record DeadlinePassed() implements Signal {}

    /**
     * Somebody wants the saga taken back: it turns round before its pivot, and later takes no notice.
     *
     * @param why for people
     */
    record CancelRequested(String why) implements Signal {}

    /**
     * An operator's word. What the state does not allow is ignored, with the reason.
     *
     * @param step where the operator saw the saga: an order that comes twice, or too late, must not hit the next step
     */
    record Ordered(Verb verb, String step) implements Signal {}
}
