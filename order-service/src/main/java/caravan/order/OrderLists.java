package caravan.order;

import caravan.common.http.ConsistencyToken;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.order.replica.Seen;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Pages of a caller's orders, newest first. */
@Singleton
class OrderLists {

    /** {@code body} is JSON; {@code next} is where the page after this one is. */
    record Page(String body, Optional<String> next) {}

    private static final Logger LOG = Logger.getLogger(OrderLists.class);
    private static final int LONGEST = 100;
    private static final int USUAL = 20;

    private final ViewReads views;
    private final Cursor cursors;

    OrderLists(ViewReads views, OrderConfig config) {
        this.views = views;
        this.cursors = new Cursor(config.cursorSecret()
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .orElseGet(OrderLists::secretOfThisProcess));
    }

    /** Throws a {@link ProblemException} for parameters that say nothing. */
    Uni<Seen<Page>> page(
            Caller caller,
            @Nullable String status,
            @Nullable String limit,
            @Nullable String cursor,
            ConsistencyToken token) {
        OrderStatus wanted = status == null ? null : status(status);
        int most = limit == null ? USUAL : limit(limit);
        String list = caller.id() + "|" + (wanted == null ? "" : wanted.name());
        Cursor.Position before = cursor == null
                ? Cursor.Position.NEWEST
                : cursors.read(cursor, list).orElseThrow(() -> bad("this list has no such cursor"));
        return views.list(caller, wanted, before, most + 1, token)
                .map(seen -> seen.map(found -> page(found, most, wanted, list)));
    }

    /** One more than fits was asked for: it says that there is a next page. */
    private Page page(List<ViewStore.Stored> found, int most, @Nullable OrderStatus status, String list) {
        boolean more = found.size() > most;
        List<ViewStore.Stored> shown = more ? found.subList(0, most) : found;
        String items =
                shown.stream().map(ViewStore.Stored::document).collect(Collectors.joining(",", "{\"items\":[", "]"));
        if (!more) {
            return new Page(items + "}", Optional.empty());
        }
        ViewStore.Stored last = shown.getLast();
        String cursor = cursors.write(new Cursor.Position(last.createdAt(), last.id()), list);
        String next =
                "/api/v1/orders?limit=" + most + (status == null ? "" : "&status=" + status) + "&cursor=" + cursor;
        return new Page(items + ",\"nextCursor\":\"" + cursor + "\"}", Optional.of(next));
    }

    private static OrderStatus status(String text) {
        return OrderStatus.parse(text).orElseThrow(() -> bad("there is no such status"));
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= LONGEST) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw bad("limit is a number from 1 to " + LONGEST);
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(ProblemType.BAD_REQUEST, detail);
    }

    private static byte[] secretOfThisProcess() {
        LOG.info("caravan.order.cursor-secret is not set: list cursors end with this process");
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return secret;
    }
}
