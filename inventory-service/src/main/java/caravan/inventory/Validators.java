package caravan.inventory;

import caravan.common.cache.Served;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of the catalogue can be recognised by (RFC 9110, section 8.8), and how long it may be kept.
 *
 * @param changedAt null when there is nothing that could have changed
 */
record Validators(String etag, @Nullable Instant changedAt) {

    /** How long an answer may be kept, from when it was read from the database: {@code Age} counts the time that it was ours. */
    static final Duration MAX_AGE = Duration.ofSeconds(60);

    private static final String CACHING =
            "public, max-age=%d, stale-while-revalidate=300".formatted(MAX_AGE.toSeconds());

    private static final Duration ALMOST_A_SECOND = Duration.ofNanos(999_999_999);

    /** RFC_1123_DATE_TIME leaves the first zero of a day away; HTTP does not. */
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** 304 when the client has it already; {@code If-Modified-Since} counts only without {@code If-None-Match}. */
    Response.ResponseBuilder answer(
            @Nullable String ifNoneMatch, @Nullable String ifModifiedSince, Response.ResponseBuilder full) {
        boolean known =
                ifNoneMatch == null ? isUnchangedSince(ifModifiedSince) : Precondition.isFresh(ifNoneMatch, etag);
        Response.ResponseBuilder answer = known ? Response.notModified() : full;
        if (changedAt != null) {
            answer.header(HttpHeaders.LAST_MODIFIED, HTTP_DATE.format(changedAt));
        }
        return answer.header(HttpHeaders.ETAG, etag).header(HttpHeaders.CACHE_CONTROL, CACHING);
    }

    /** What the cache gave: also a 304 says how old the knowledge is that nothing has changed. */
    static Response answer(Served<Rendering> served, @Nullable String ifNoneMatch, @Nullable String ifModifiedSince) {
        Rendering found = Objects.requireNonNull(served.value());
        Response.ResponseBuilder answer = new Validators(found.etag(), found.changedAt())
                .answer(ifNoneMatch, ifModifiedSince, Response.ok(found.body(), Rendering.MEDIA_TYPE));
        age(served).ifPresent(seconds -> answer.header("Age", seconds));
        return answer.build();
    }

    /**
     * Whole seconds (RFC 9111, section 5.1), rounded up, so that nobody keeps it longer than he may. What was read for this answer has
     * none, unless that took long.
     */
    static OptionalLong age(Served<?> served) {
        Duration age = served.age();
        return served.cached() || age.toSeconds() > 0
                ? OptionalLong.of(age.plus(ALMOST_A_SECOND).toSeconds())
                : OptionalLong.empty();
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
