package caravan.common.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header Prefer (RFC 7240), as far as it is honoured here: {@code wait}. The gateway, which must be patient for as long,
 * and the service, which waits, read it alike.
 */
public final class Prefer {

    /** Longer waits are cut to this: proxies between here and a client give up after about a minute. */
    public static final Duration LONGEST = Duration.ofSeconds(30);

    private static final Pattern PREFERENCE = Pattern.compile("([^\\s=;\"]+)\\s*(?:=([^;]*))?(?:;.*)?");
    private static final Pattern SECONDS = Pattern.compile("(\"?)0*([1-9][0-9]*)\\1");
    private static final int MOST_DIGITS = 9;

    private Prefer() {}

    /**
     * How long the client would wait. Empty when it says nothing, or nothing that makes sense: a preference is never an
     * error. Said more than once, the first counts (section 2).
     */
    public static Optional<Duration> wait(List<String> headers) {
        return headers.stream()
                .flatMap(header -> split(header).stream())
                .map(preference -> PREFERENCE.matcher(preference.strip()))
                .filter(matcher -> matcher.matches()
                        && matcher.group(1).toLowerCase(Locale.ROOT).equals("wait"))
                .findFirst()
                .flatMap(matcher -> seconds(matcher.group(2)));
    }

    private static Optional<Duration> seconds(@Nullable String word) {
        Matcher matcher = SECONDS.matcher(word == null ? "" : word.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String digits = matcher.group(2);
        Duration asked = digits.length() > MOST_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
        return Optional.of(asked.compareTo(LONGEST) > 0 ? LONGEST : asked);
    }

    /** At the commas that are not in a quoted string. */
    private static List<String> split(String header) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == ',' && !quoted) {
                parts.add(header.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(header.substring(start));
        return parts;
    }
}
