package caravan.order;

import caravan.common.contract.Failure;
import caravan.common.messaging.Json;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A change of an order's status, as its stream tells it.
 *
 * @param sequence counts the changes of one order from 1, and is the event's id
 */
record StatusEvent(
        int sequence,
        OrderStatus status,
        Instant at,
        @Nullable Failure failure) {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    /** What somebody who has seen everything up to {@code sequence} has not seen yet, in order. */
    static List<StatusEvent> after(int sequence, OrderView view) {
        return view.statusHistory().stream()
                .filter(change -> change.sequence() > sequence)
                .map(change -> of(change, view))
                .toList();
    }

    /**
     * The sequence that a stream goes on after. Without a {@code Last-Event-ID}, or with one that this order never had, the
     * stream begins with what the order is now.
     */
    static int lastSeen(@Nullable String lastEventId, OrderView view) {
        int newest = view.statusHistory().getLast().sequence();
        boolean number = lastEventId != null && NUMBER.matcher(lastEventId).matches();
        int seen = number ? Integer.parseInt(lastEventId) : newest + 1;
        return seen > newest ? newest - 1 : seen;
    }

    /** As {@code text/event-stream} has it: the JSON is one line. */
    String frame() {
        return "event: order.status\nid: " + sequence + "\ndata: " + Json.text(this) + "\n\n";
    }

    private static StatusEvent of(OrderView.StatusChange change, OrderView view) {
        OrderView.Reason why = view.failure();
        boolean failed = change.status() == OrderStatus.REJECTED || change.status() == OrderStatus.NEEDS_ATTENTION;
        Failure failure = failed && why != null ? new Failure(why.code(), why.detail()) : null;
        return new StatusEvent(change.sequence(), change.status(), change.at(), failure);
    }
}
