package caravan.order;

import java.util.Arrays;

/** RFC 9110, section 13.1.2. */
final class EntityTags {

    private EntityTags() {}

    /** Whether {@code If-None-Match} names the tag; compared weakly, as a cache does. */
    static boolean match(String ifNoneMatch, String etag) {
        return ifNoneMatch.strip().equals("*")
                || Arrays.stream(ifNoneMatch.split(",", -1))
                        .map(String::strip)
                        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                        .anyMatch(etag::equals);
    }
}
