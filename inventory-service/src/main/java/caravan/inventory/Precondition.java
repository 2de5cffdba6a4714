package caravan.inventory;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code If-Match} and {@code If-None-Match} (RFC 9110, section 13) of an edit, and of a read.
 *
 * @param onlyNew {@code If-None-Match: *}: nothing may be there yet
 */
record Precondition(@Nullable String ifMatch, boolean onlyNew) {

    enum Verdict {
        CREATE,
        REPLACE,
        REQUIRED,
        FAILED
    }

    private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");

    static Precondition of(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        return new Precondition(
                ifMatch, ifNoneMatch != null && ifNoneMatch.strip().equals("*"));
    }

    /** @param current the version that is there, if any */
    Verdict verdict(OptionalLong current) {
        if (current.isEmpty()) {
            return ifMatch == null ? Verdict.CREATE : Verdict.FAILED;
        }
        if (onlyNew) {
            return Verdict.FAILED;
        }
        if (ifMatch == null) {
            return Verdict.REQUIRED;
        }
        return names(ifMatch, current.getAsLong()) ? Verdict.REPLACE : Verdict.FAILED;
    }

    /** Strong comparison: a weak tag never matches. */
    private static boolean names(String ifMatch, long version) {
        return ifMatch.strip().equals("*")
                || tags(ifMatch)
                        .filter(tag -> tag.group(1) == null)
                        .anyMatch(tag -> versionIn(tag.group(2)).equals(Optional.of(Long.toString(version))));
    }

    private static Optional<String> versionIn(String opaque) {
        return Arrays.stream(opaque.split("\\.", 2)).findFirst();
    }

    /** Weak comparison, as {@code If-None-Match} asks for: the answer would be 304. */
    static boolean isFresh(@Nullable String ifNoneMatch, String etag) {
        return ifNoneMatch != null
                && (ifNoneMatch.strip().equals("*")
                        || tags(ifNoneMatch).anyMatch(tag -> ("\"" + tag.group(2) + "\"").equals(etag)));
    }

    private static Stream<MatchResult> tags(String header) {
        return TAG.matcher(header).results();
    }
}
