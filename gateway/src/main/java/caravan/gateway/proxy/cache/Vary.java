package caravan.gateway.proxy.cache;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an answer depends on beside its path (RFC 9111, section 4.1). The services are asked with the headers of nobody, so an
 * answer that depends on a header is the one for those who do not send it; others go past. Only the coding makes a second
 * answer: with any other header a client could make as many as it likes.
 *
 * @param byCoding there is one for each coding
 * @param names headers that nobody may have sent, in small letters
 */
record Vary(boolean byCoding, Set<String> names) {

    private static final String ALL = "*";

    /** Sent to the service alike for all. */
    private static final String ACCEPT = "accept";

    private static final String ACCEPT_ENCODING = "accept-encoding";

    static Vary of(MultiMap answer) {
        Set<String> names = new TreeSet<>();
        for (String line : answer.getAll(HttpHeaders.VARY)) {
            List.of(line.split(",", -1)).forEach(name -> names.add(name.strip().toLowerCase(Locale.ROOT)));
        }
        names.removeAll(Set.of("", ACCEPT));
        // Bytes that not everybody can read depend on who reads them, whatever is said.
        boolean byCoding = names.remove(ACCEPT_ENCODING) || answer.contains(HttpHeaders.CONTENT_ENCODING);
        return new Vary(byCoding, Set.copyOf(names));
    }

    /** Nobody can tell whom the answer is for. */
    boolean byAnything() {
        return names.contains(ALL);
    }

    /** Whether the answer, made for nobody, is also for this one. */
    boolean suits(MultiMap request) {
        for (String name : names) {
            if (request.contains(name)) {
                return false;
            }
        }
        return !byAnything();
    }
}
