package caravan.saga.ops;

import caravan.saga.engine.Ignored;

/** Why a state does not allow an order, and what would help. */
final class Refusals {

    private Refusals() {}

    static String of(Ignored why) {
        return switch (why) {
            case ENDED -> "the saga has ended: there is nothing to repair";
            case ELSEWHERE -> "the saga has left that step: look where it stands now";
            case TOO_LATE -> "the saga is past its pivot and only goes forward: retry it";
            case TURNED_ROUND -> "the saga undoes already: retry it, or resume it when it is stuck";
            case STUCK -> "the saga is stuck: resume it, or skip the undo";
            case NOT_STUCK -> "the saga is under way: retry it";
            case INDISPENSABLE -> "this cannot be skipped: only the undo of a step can, and not the order's own";
            case FOREIGN -> "the saga belongs to a newer build: ask again until that one answers, or bring it back";
            case UNKNOWN_STEP, REFUSED, LATE, NOT_ASKED, UNFIT, ALREADY_DEFERRED, NOT_DUE ->
                throw new IllegalStateException("no order is refused for " + why);
        };
    }
}
