package caravan.order;

import caravan.common.messaging.TraceContext;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A caller wants an order cancelled. */
record CancelRequest(
        UUID orderId, Caller caller, String key, @Nullable String reason, Instant at, TraceContext trace) {

    /** What tells two requests under one key apart. */
    private record Said(UUID orderId, @Nullable String reason) {}

    KeyScope scope() {
        return new KeyScope(caller.id(), key);
    }

    String bodyHash() {
        return IdempotencyKey.hash(new Said(orderId, reason));
    }
}
