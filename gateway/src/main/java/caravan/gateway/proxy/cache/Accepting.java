package caravan.gateway.proxy.cache;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether a client takes what the catalogue is written in (RFC 9110, section 12.5.1). */
final class Accepting {

    private static final Set<String> RANGES = Set.of("*/*", "application/*", "application/json");

    private static final Pattern REFUSED = Pattern.compile("(?:.*;\\s*)?q\\s*=\\s*0(?:\\.0*)?\\s*(?:;.*)?");

    private Accepting() {}

    /** Also when nothing is said. Who says anything unusual is passed on, so that the service decides. */
    static boolean json(List<String> accept) {
        return accept.isEmpty()
                || accept.stream()
                        .flatMap(line -> Arrays.stream(line.split(",", -1)))
                        .anyMatch(Accepting::isJson);
    }

    private static boolean isJson(String range) {
        String[] parts = range.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*", 2);
        return RANGES.contains(parts[0]) && !(parts.length > 1 && isRefused(parts[1]));
    }

    /** Quality 0 among the parameters. */
    static boolean isRefused(String parameters) {
        return REFUSED.matcher(parameters).matches();
    }
}
