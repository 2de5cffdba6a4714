package caravan.common.contract;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One transition of a saga, as a fact for read models.
 *
 * @param sequence 1, 2, 3 … without gaps within one saga: the key under which a projection is idempotent
 * @param step the step the transition is about
 * @param phase where the saga stands after it
 * @param failure why the saga turned round, from then on
 * @param reply what the participant said, when that was the cause
 */
public record SagaAdvanced(
        UUID sagaId,
        String saga,
        UUID orderId,
        int sequence,
        Instant at,
        String step,
        What what,
        Phase phase,
        @Nullable Failure failure,

        @JsonSerialize(using = TypedReply.Writer.class) @JsonDeserialize(using = TypedReply.Reader.class) @Nullable
        Reply reply)
        implements Event {

    /** What happened to the step. */
    public enum What {
        STARTED,
        DONE,
        REJECTED,
        /** No answer within the policy: the outcome is unknown, and the step is undone too. */
        TIMED_OUT,
        /** Somebody wants the saga taken back; the step's outcome is unknown, and it is undone too. */
        CANCELLED,
        DEFERRED,
        RESENT,
        UNDONE,
        STUCK
    }

    /** Where the saga stands. */
    public enum Phase {
        RUNNING,
        UNDOING,
        COMPLETED,
        COMPENSATED,
        STUCK
    }
}
