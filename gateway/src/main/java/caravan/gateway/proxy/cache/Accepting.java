package caravan.gateway.proxy.cache;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a client takes, and whether what the catalogue is written in is among it (RFC 9110, section 12.5). Lines are cut at
 * single characters: a pattern that skips spaces or parameters takes steps by the square of what a stranger may send.
 */
final class Accepting {

    private static final Set<String> RANGES = Set.of("*/*", "application/*", "application/json");

    private static final Pattern ZERO = Pattern.compile("0(?:\\.0*)?");

    private Accepting() {}

    /** Also when nothing is said. Who says anything unusual is passed on, so that the service decides. */
    static boolean json(List<String> accept) {
        return accept.isEmpty() || takes(accept, RANGES::contains);
    }

    /** Whether a member of the list is wanted, in small letters, and not refused. */
    static boolean takes(List<String> lines, Predicate<String> wanted) {
        return lines.stream()
                .flatMap(line -> Arrays.stream(line.toLowerCase(Locale.ROOT).split(",", -1)))
                .map(member -> member.split(";", -1))
                .anyMatch(parts -> wanted.test(parts[0].strip())
                        && Arrays.stream(parts).skip(1).noneMatch(Accepting::refuses));
    }

    /** Quality 0. */
    private static boolean refuses(String parameter) {
        int equals = parameter.indexOf('=');
        return equals > 0
                && parameter.substring(0, equals).strip().equals("q")
                && ZERO.matcher(parameter.substring(equals + 1).strip()).matches();
    }
}
