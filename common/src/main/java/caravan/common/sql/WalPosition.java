package caravan.common.sql;

import java.util.regex.Pattern;

/**
 * A place in the write-ahead log of one PostgreSQL cluster, which names a moment: what was committed before it is behind it.
 * Positions of different clusters have nothing to do with each other.
 *
 * @param bytes since the log began; unsigned
 */
public record WalPosition(long bytes) implements Comparable<WalPosition> {

    /** Before everything. */
    public static final WalPosition START = new WalPosition(0);

    private static final Pattern TEXT = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");
    private static final int HALF = 32;
    private static final long LOW_HALF = 0xFFFF_FFFFL;
    private static final int HEX = 16;

    /** Reads what PostgreSQL writes for a {@code pg_lsn}; throws {@link IllegalArgumentException} for anything else. */
    public static WalPosition parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("no position of a write-ahead log: " + text);
        }
        int slash = text.indexOf('/');
        long high = Long.parseLong(text.substring(0, slash), HEX);
        return new WalPosition(high << HALF | Long.parseLong(text.substring(slash + 1), HEX));
    }

    /** As PostgreSQL reads it: {@code $1::text::pg_lsn}. */
    public String text() {
        return Long.toHexString(bytes >>> HALF) + "/" + Long.toHexString(bytes & LOW_HALF);
    }

    /** Whether everything that was committed before {@code other} is behind this. */
    public boolean reaches(WalPosition other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(WalPosition other) {
        return Long.compareUnsigned(bytes, other.bytes);
    }
}
