package caravan.order;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * UUIDv7 (RFC 9562, section 5.7). The 12 bits after the milliseconds are a fraction of them (section 6.2, method 3), so
 * that ids of one process grow with time and a B-tree grows at its right edge.
 */
final class OrderIds {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final int NANOS_PER_MILLI = 1_000_000;

    private OrderIds() {}

    static UUID next(Instant now) {
        return of(now, RANDOM.nextLong());
    }

    static UUID of(Instant now, long random) {
        long nanos = ChronoUnit.NANOS.between(now.truncatedTo(ChronoUnit.MILLIS), now);
        long fraction = (nanos << 12) / NANOS_PER_MILLI;
        long high = now.toEpochMilli() << 16 | 0x7000 | fraction;
        long low = 0x8000_0000_0000_0000L | random >>> 2;
        return new UUID(high, low);
    }

    /** Empty for anything but the canonical form: {@link UUID#fromString} takes more. */
    static Optional<UUID> parse(String text) {
        return CANONICAL.matcher(text).matches()
                ? Optional.of(UUID.fromString(text.toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }
}
