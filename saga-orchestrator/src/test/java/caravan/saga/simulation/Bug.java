package caravan.saga.simulation;

/** Mistakes that can be planted into the wiring, to see that they are found. */
enum Bug {
    NO_INBOX_CHECK("a participant does what it has done before"),
    ACKNOWLEDGE_BEFORE_COMMIT("offsets are committed when a batch is polled"),
    NO_TOMBSTONE("an undo that comes first leaves nothing behind"),
    COMPENSATE_TWICE("an undo that comes again is done again"),
    NEW_ID_ON_RESEND("a command that is sent again has a new id"),
    UNDO_OUT_OF_ORDER("all undos are sent at once"),
    DEADLINE_NOT_REARMED("only a saga's first deadline is watched"),
    RESEND_LOST("a cause that comes again sends nothing again"),
    NO_LOCK("sagas are read and written without a lock"),
    NO_OUTBOX("the sweeper sends after its commit, from memory"),
    UNKNOWN_IS_FAILED("silence is taken for a no: the step itself is not undone"),
    STUCK_IS_DONE("an undo without an answer is taken for done"),
    DUPLICATE_UNANSWERED("a duplicate gets no reply"),
    OUTBOX_BY_SEQUENCE("the relay asks for ids above the last it has sent"),
    STOCK_FROM_A_REPLICA("stock is promised by what a replica has, a batch behind"),
    NO_REPLAY_WINDOW("messages are taken however old they are");

    private final String mistake;

    Bug(String mistake) {
        this.mistake = mistake;
    }

    String mistake() {
        return mistake;
    }
}
