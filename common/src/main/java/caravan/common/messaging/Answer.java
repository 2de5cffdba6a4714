package caravan.common.messaging;

import caravan.common.contract.Reply;

/** What a participant says of one command. */
public sealed interface Answer {

    /** The reply, recorded in the inbox in the same transaction. */
    record Now(Reply reply) implements Answer {}

    /** Accepted and on record; {@link Inbox#answer} gives the reply when there is one. */
    record Later() implements Answer {}

    static Answer now(Reply reply) {
        return new Now(reply);
    }
}
