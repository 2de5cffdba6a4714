package caravan.saga.ops;

import caravan.common.contract.Failure;
import caravan.common.contract.SagaAdvanced;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A saga as operators see it. Nothing of what it carries: addresses and card tokens are nobody's business here.
 *
 * @param dueAt when it is looked after; null when it has ended or is stuck
 * @param traceId to find the order in Jaeger
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SagaView(
        UUID id,
        UUID orderId,
        String type,
        SagaAdvanced.Phase phase,
        @Nullable String step,
        int attempt,
        Instant startedAt,
        @Nullable Instant dueAt,
        @Nullable Failure failure,
        @Nullable String traceId,
        @Nullable List<Entry> log,
        @Nullable List<Given> orders) {

    /**
     * A transition.
     *
     * @param messageId what caused it: a message's id, {@code deadline}, or {@code operator:} and the order's id
     * @param attempt how often the step's command had been sent by then
     * @param reply the type of what the participant said
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            int sequence,
            Instant at,
            String step,
            SagaAdvanced.What what,
            SagaAdvanced.Phase phase,
            String messageId,
            int attempt,
            @Nullable String reply) {}

    /** An operator's order. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Given(
            UUID id,
            Instant at,
            String step,
            String verb,
            String operator,
            @Nullable String reason) {}

    SagaView with(List<Entry> entries, List<Given> given) {
        return new SagaView(
                id, orderId, type, phase, step, attempt, startedAt, dueAt, failure, traceId, entries, given);
    }
}
