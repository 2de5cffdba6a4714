package caravan.inventory;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of the catalogue can be recognised by (RFC 9110, section 8.8), and how long it may be kept.
 *
 * @param changedAt null when there is nothing that could have changed
 */
record Validators(String etag, @Nullable Instant changedAt) {

    private static final String CACHING = "public, max-age=60, stale-while-revalidate=300";

    /** RFC_1123_DATE_TIME leaves the first zero of a day away; HTTP does not. */
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** 304 when the client has it already; {@code If-Modified-Since} counts only without {@code If-None-Match}. */
    Response.ResponseBuilder answer(@Nullable String ifNoneMatch, @Nullable String ifModifiedSince, Object body) {
        boolean known =
                ifNoneMatch == null ? isUnchangedSince(ifModifiedSince) : Precondition.isFresh(ifNoneMatch, etag);
        Response.ResponseBuilder answer = known ? Response.notModified() : Response.ok(body);
        if (changedAt != null) {
            answer.header(HttpHeaders.LAST_MODIFIED, HTTP_DATE.format(changedAt));
        }
        return answer.header(HttpHeaders.ETAG, etag).header(HttpHeaders.CACHE_CONTROL, CACHING);
    }

    private boolean isUnchangedSince(@Nullable String ifModifiedSince) {
        if (ifModifiedSince == null || changedAt == null) {
            return false;
        }
        try {
            Instant since = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(ifModifiedSince));
            return !changedAt.truncatedTo(ChronoUnit.SECONDS).isAfter(since);
        } catch (DateTimeParseException _) {
            return false;
        }
    }
}
