package caravan.common.messaging;

import java.util.Optional;
import java.util.UUID;

/**
 * The identity of a command, {@code <saga id>:<step>:<do or undo>}: the same on every re-send, so that a participant
 * knows it again.
 */
public record MessageId(UUID sagaId, String step, Direction direction) {

    private static final String REPLY = ":reply";
    private static final String DEFERRED = ":deferred:";

    /** Empty when the text is no command id. */
    public static Optional<MessageId> parse(String text) {
        String[] parts = text.split(":", -1);
        return parts.length == 3 ? of(parts) : Optional.empty();
    }

    /** The command that a reply with this id answers. */
    public static Optional<MessageId> answeredBy(String replyId) {
        String[] parts = replyId.split(":", -1);
        boolean isReply =
                (parts.length == 4 && replyId.endsWith(REPLY)) || (parts.length == 5 && replyId.contains(DEFERRED));
        return isReply ? of(parts) : Optional.empty();
    }

    /** The command that a message with this id is, or answers. */
    static Optional<MessageId> about(String messageId) {
        return parse(messageId).or(() -> answeredBy(messageId));
    }

    private static Optional<MessageId> of(String[] parts) {
        if (parts[1].isEmpty()) {
            return Optional.empty();
        }
        try {
            UUID saga = UUID.fromString(parts[0]);
            return switch (parts[2]) {
                case "do" -> Optional.of(new MessageId(saga, parts[1], Direction.DO));
                case "undo" -> Optional.of(new MessageId(saga, parts[1], Direction.UNDO));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The action that this undo undoes, or the action itself. */
    public MessageId action() {
        return new MessageId(sagaId, step, Direction.DO);
    }

    public boolean isUndo() {
        return direction == Direction.UNDO;
    }

    public String replyId() {
        return this + REPLY;
    }

    /** Deferrals may come more than once before the reply: each has a number, the time it names. */
    public String deferralId(long untilEpochMs) {
        return this + DEFERRED + untilEpochMs;
    }

    @Override
    public String toString() {
        return sagaId + ":" + step + ":" + direction.wire();
    }
}
