package caravan.gateway.session;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** UUIDv7 (RFC 9562, section 5.7): ids that grow with time keep a B-tree growing at its right edge. */
final class Ids {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private Ids() {}

    static UUID next(Instant now) {
        long high = now.toEpochMilli() << 16 | 0x7000 | RANDOM.nextInt(1 << 12);
        long low = 0x8000_0000_0000_0000L | RANDOM.nextLong() >>> 2;
        return new UUID(high, low);
    }

    /** Empty for anything but the canonical form: {@link UUID#fromString} takes more. */
    static Optional<UUID> parse(String text) {
        return CANONICAL.matcher(text).matches()
                ? Optional.of(UUID.fromString(text.toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }
}
