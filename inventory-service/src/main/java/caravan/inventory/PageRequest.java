package caravan.inventory;

import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the catalogue somebody wants to see.
 *
 * @param q part of a name, a sku or a description, or a tag; empty for all
 * @param after the sku before the page; empty for the first page
 */
record PageRequest(String q, String after, int limit) {

    private static final int USUAL_LIMIT = 20;
    private static final int MOST = 100;
    private static final int LONGEST_QUERY = 100;

    /** Throws a problem when a parameter cannot mean anything. */
    static PageRequest of(@Nullable String q, @Nullable String limit, @Nullable String cursor) {
        return new PageRequest(
                q == null ? "" : checked(q.strip()),
                cursor == null ? "" : ProductPage.skuBefore(cursor).orElseThrow(() -> bad("no such cursor")),
                limit == null ? USUAL_LIMIT : limit(limit));
    }

    private static String checked(String q) {
        if (q.length() > LONGEST_QUERY || q.indexOf('\0') >= 0) {
            throw bad("q is at most " + LONGEST_QUERY + " characters of text");
        }
        return q;
    }

    private static int limit(String text) {
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // Falls through to the same answer.
        }
        throw bad("limit is 1 to " + MOST);
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(ProblemType.BAD_REQUEST, detail);
    }
}
