package caravan.inventory;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How often a cache before us has answered with what it had from us: {@code Meter: count=N}, or {@code count=N/M} with M answers 304
 * (RFC 2227, section 5.3). Only the gateway says so: it is the only one that reaches this service, and removes what clients say.
 */
final class Meter {

    static final String HEADER = "Meter";

    /** Between two reports of one gateway there is less; what is more is not believed. */
    static final long MOST = 1_000_000;

    private static final Pattern COUNT =
            Pattern.compile("(?:^|,)\\s*count\\s*=\\s*(\\d{1,9})(?:/(\\d{1,9}))?\\s*(?:,|$)");

    private Meter() {}

    /** 0 when the header is missing or makes no sense. */
    static long hits(@Nullable String header) {
        Matcher count = COUNT.matcher(header == null ? "" : header);
        if (!count.find()) {
            return 0;
        }
        String reuses = count.group(2);
        long hits = Long.parseLong(count.group(1)) + (reuses == null ? 0 : Long.parseLong(reuses));
        return Math.min(hits, MOST);
    }
}
