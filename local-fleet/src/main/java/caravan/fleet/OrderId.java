package caravan.fleet;

import java.util.UUID;

/** UUIDv7 (RFC 9562) as order-service makes them: milliseconds, then a fraction of them, so that an index grows at its right edge. */
public final class OrderId {
    private OrderId() {}

    /** The id of an order that comes so many microseconds after the epoch; two bits of {@code random} are lost. */
    public static UUID at(long micros, long random) {
        long fraction = ((micros % 1_000) << 12) / 1_000;
        return new UUID(((micros / 1_000) << 16) | 0x7000 | fraction, variant(random));
    }

    /** The lower half of any UUID. */
    public static long variant(long random) {
        return 0x8000_0000_0000_0000L | (random >>> 2);
    }
}
