package caravan.gateway.proxy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code Prefer: wait=N} (RFC 7240, 4.3). */
final class Prefer {

    private static final int MOST_SECONDS = 30;

    private Prefer() {}

    /** Nothing when it is not said, or not understood. */
    static Duration wait(@Nullable String header) {
        if (header != null) {
            for (String preference : header.split("[,;]", -1)) {
                String text = preference.strip();
                if (text.regionMatches(true, 0, "wait=", 0, 5)) {
                    return seconds(text.substring(5).strip());
                }
            }
        }
        return Duration.ZERO;
    }

    private static Duration seconds(String text) {
        try {
            return Duration.ofSeconds(Math.clamp(Long.parseLong(text), 0, MOST_SECONDS));
        } catch (NumberFormatException _) {
            return Duration.ZERO;
        }
    }
}
