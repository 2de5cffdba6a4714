package caravan.gateway.proxy.cache;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The directives of {@code Cache-Control} (RFC 9111, section 5.2). Of one that is there twice the first counts. */
record CacheControl(Map<String, String> directives) {

    private static final CacheControl SILENT = new CacheControl(Map.of());

    /** A name, and an argument as a token or in quotes. */
    private static final Pattern DIRECTIVE =
            Pattern.compile("([^\\s,=\"]+)(?:\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,\"]*)))?");

    /** More is for ever, and fits into milliseconds (RFC 9111, section 1.2.2). */
    private static final long MOST_SECONDS = Integer.MAX_VALUE;

    static CacheControl of(List<String> lines) {
        if (lines.isEmpty()) {
            return SILENT;
        }
        Map<String, String> directives = new HashMap<>();
        Matcher each = DIRECTIVE.matcher(String.join(",", lines));
        while (each.find()) {
            String argument = each.group(2) == null ? each.group(3) : each.group(2);
            directives.putIfAbsent(each.group(1).toLowerCase(Locale.ROOT), argument == null ? "" : argument);
        }
        return new CacheControl(directives);
    }

    boolean has(String name) {
        return directives.containsKey(name);
    }

    /** Empty when the directive is not there; 0, so nothing is fresh, when its argument is no number. */
    OptionalLong seconds(String name) {
        String argument = directives.get(name);
        return argument == null ? OptionalLong.empty() : OptionalLong.of(seconds(argument, 0));
    }

    /** Delta-seconds, or {@code otherwise}. */
    static long secondsOf(List<String> lines, long otherwise) {
        return lines.isEmpty() ? otherwise : seconds(lines.getFirst().strip(), otherwise);
    }

    private static long seconds(String digits, long otherwise) {
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return otherwise;
        }
        return digits.length() > 10 ? MOST_SECONDS : Math.min(MOST_SECONDS, Long.parseLong(digits));
    }
}
