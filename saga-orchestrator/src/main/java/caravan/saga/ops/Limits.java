package caravan.saga.ops;

import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How much at once, and where a list goes on: as texts of a query. */
final class Limits {

    /** In characters. */
    static final int LONGEST_REASON = 500;

    private static final int USUAL = 50;
    private static final int LONGEST_PAGE = 200;

    /** Five transactions of 200 sagas: well within the time that a request has. */
    private static final int MOST_IN_BULK = 1000;

    private Limits() {}

    static int page(@Nullable String text) {
        return text == null ? USUAL : number(text, LONGEST_PAGE);
    }

    static int bulk(@Nullable String text) {
        return text == null ? MOST_IN_BULK : number(text, MOST_IN_BULK);
    }

    /** Null for none. */
    static @Nullable Long number(@Nullable String cursor) {
        try {
            return cursor == null ? null : Long.valueOf(cursor);
        } catch (NumberFormatException _) {
            throw new ProblemException(ProblemType.BAD_REQUEST, "there is no such cursor");
        }
    }

    static UUID cursor(String text) {
        return id(text).orElseThrow(() -> new ProblemException(ProblemType.BAD_REQUEST, "there is no such cursor"));
    }

    static Optional<UUID> id(String text) {
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equalsIgnoreCase(text) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static int number(String text, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new ProblemException(ProblemType.BAD_REQUEST, "limit must be 1 to " + most);
    }
}
