package caravan.common.messaging;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanBuilder;

/**
 * The attributes of spans, each spelled once: those of the OpenTelemetry semantic conventions for messaging (1.37), and the
 * fleet's own. Ids are at home here, unlike in metrics.
 */
public final class SpanKeys {

    public static final AttributeKey<String> ORDER_ID = AttributeKey.stringKey("order.id");
    public static final AttributeKey<String> SAGA_ID = AttributeKey.stringKey("saga.id");
    public static final AttributeKey<String> SAGA_TYPE = AttributeKey.stringKey("saga.type");
    public static final AttributeKey<String> SAGA_STEP = AttributeKey.stringKey("saga.step");

    /** 1 for the first time that this was tried. */
    public static final AttributeKey<Long> SAGA_ATTEMPT = AttributeKey.longKey("saga.attempt");

    /** Whether it undoes something. */
    public static final AttributeKey<Boolean> SAGA_COMPENSATION = AttributeKey.booleanKey("saga.compensation");

    /** On a link: why it is there ({@code poll}, {@code retry}, {@code replay}, {@code timer}, {@code request}). */
    public static final AttributeKey<String> LINK = AttributeKey.stringKey("caravan.link");

    static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.type");
    static final AttributeKey<String> OPERATION_NAME = AttributeKey.stringKey("messaging.operation.name");
    static final AttributeKey<String> DESTINATION = AttributeKey.stringKey("messaging.destination.name");
    static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    static final AttributeKey<String> MESSAGE_ID = AttributeKey.stringKey("messaging.message.id");
    static final AttributeKey<Long> BATCH_SIZE = AttributeKey.longKey("messaging.batch.message_count");

    private SpanKeys() {}

    static void messaging(SpanBuilder span, String operation, String name, String topic) {
        span.setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION, operation)
                .setAttribute(OPERATION_NAME, name)
                .setAttribute(DESTINATION, topic);
    }

    /** Of a message whose id says which step of which saga it is about: commands and replies. */
    static void saga(SpanBuilder span, String messageId) {
        MessageId.about(messageId)
                .ifPresent(id -> span.setAttribute(SAGA_ID, id.sagaId().toString())
                        .setAttribute(SAGA_STEP, id.step())
                        .setAttribute(SAGA_COMPENSATION, id.isUndo()));
    }
}
