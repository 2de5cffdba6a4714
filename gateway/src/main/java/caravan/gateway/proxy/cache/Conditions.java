package caravan.gateway.proxy.cache;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether a client has it already (RFC 9110, section 13): {@code If-Modified-Since} counts only without {@code If-None-Match}. */
record Conditions(@Nullable String noneMatch, @Nullable String modifiedSince) {

    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");

    static Conditions of(MultiMap request) {
        return request.contains(HttpHeaders.IF_NONE_MATCH)
                ? new Conditions(String.join(",", request.getAll(HttpHeaders.IF_NONE_MATCH)), null)
                : new Conditions(null, request.get(HttpHeaders.IF_MODIFIED_SINCE));
    }

    /** @param dated the date of its last change tells whether it has changed */
    boolean hold(MultiMap answer, boolean dated) {
        if (noneMatch != null) {
            return isNamed(noneMatch, answer.get(HttpHeaders.ETAG));
        }
        return dated && modifiedSince != null && !isAfter(answer.get(HttpHeaders.LAST_MODIFIED), modifiedSince);
    }

    private static boolean isNamed(String tags, @Nullable String etag) {
        if (tags.strip().equals("*")) {
            return true;
        }
        return etag != null && TAG.matcher(tags).results().anyMatch(tag -> etag.endsWith(tag.group(1)));
    }

    private static boolean isAfter(@Nullable String changed, String since) {
        Optional<Instant> then = instant(changed);
        Optional<Instant> seen = instant(since);
        return then.isEmpty() || seen.isEmpty() || then.get().isAfter(seen.get());
    }

    private static Optional<Instant> instant(@Nullable String date) {
        try {
            return Optional.ofNullable(date)
                    .map(DateTimeFormatter.RFC_1123_DATE_TIME::parse)
                    .map(Instant::from);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
