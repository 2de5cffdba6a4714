package caravan.saga.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as operators see it.
 *
 * @param number counts them as they came: where a list goes on
 * @param payload only when one is looked at; what pays or opens something is left out of it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LetterView(
        UUID id,
        long number,
        String topic,
        int partition,
        long offset,
        String consumer,
        String cause,
        int attempts,
        Instant failedAt,
        @Nullable String messageId,
        @Nullable String type,
        @Nullable UUID sagaId,
        @Nullable Instant saidAt,
        LetterState state,
        @Nullable String operator,
        @Nullable String reason,
        @Nullable Instant decidedAt,
        @Nullable String traceId,
        @Nullable Object payload) {}
