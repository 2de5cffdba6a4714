package caravan.order;

import caravan.common.http.ProblemType;
import caravan.common.messaging.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** How a request to cancel was answered, once and for all: what is kept under its key. */
sealed interface CancelAnswer {

    /** 202. {@code body} is JSON. */
    record Accepted(String body) implements CancelAnswer {}

    /** A business no. */
    record Refused(ProblemType type) implements CancelAnswer {}

    /** The body of 202. */
    record Body(UUID id, OrderStatus status, Instant cancelRequestedAt, String eventsUrl) {}

    static CancelAnswer accepted(UUID order, OrderStatus status, Instant requestedAt) {
        return new Accepted(Json.text(new Body(order, status, requestedAt, Order.path(order) + "/events")));
    }

    static CancelAnswer parse(String text) {
        return text.startsWith("{") ? new Accepted(text) : new Refused(type(text));
    }

    /** As it is stored: a body, or the name of a problem. */
    default String text() {
        return switch (this) {
            case Accepted accepted -> accepted.body;
            case Refused refused -> refused.type.slug();
        };
    }

    default String label() {
        return switch (this) {
            case Accepted _ -> "accepted";
            case Refused refused -> refused.type.slug();
        };
    }

    private static ProblemType type(String slug) {
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.slug().equals(slug))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no such answer: " + slug));
    }
}
