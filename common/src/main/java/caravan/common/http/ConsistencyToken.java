package caravan.common.http;

import caravan.common.sql.WalPosition;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Consistency-Token}: what its client has seen or done so far, as a place in the write-ahead log of each
 * database that is behind it. A read that carries it sees all of that, whichever node answers. Every answer gives the
 * caller's token back with the own database's entry raised, so that a client which sends its newest one never reads its
 * past, in no service. Two tokens may be sent at once, as two header lines or with a comma between them, and are joined.
 *
 * <p>Clients take it as it is. It holds nothing secret and nothing that must not be made up: a token that is further than any
 * node makes the primary answer, after a short wait. At most {@value #MOST_DATABASES} databases and {@value #LONGEST}
 * characters. Written as {@code orders.16b374d848~products.9f0}: names in order, positions in hex without leading zeros, and
 * only characters that stand unescaped in a URL.
 */
public record ConsistencyToken(SortedMap<String, WalPosition> positions) {

    public static final String HEADER = "Consistency-Token";

    /** Says nothing, and asks for nothing. */
    public static final ConsistencyToken NONE = new ConsistencyToken(new TreeMap<>());

    private static final int MOST_DATABASES = 8;
    private static final int LONGEST = 1024;
    private static final int HEX = 16;
    private static final Pattern ENTRY = Pattern.compile("([a-z][a-z0-9_-]{0,31})\\.(0|[1-9a-f][0-9a-f]{0,15})");

    public ConsistencyToken {
        positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
        if (positions.size() > MOST_DATABASES) {
            throw new IllegalArgumentException(positions.size() + " databases in one token");
        }
    }

    /**
     * Joins the lines of the header. Entries of databases that nobody knows here are kept. Throws a {@link ProblemException},
     * status 400, for what no service can have written.
     *
     * @param lines null and empty: the client sends none
     */
    public static ConsistencyToken parse(@Nullable List<String> lines) {
        SortedMap<String, WalPosition> positions = new TreeMap<>();
        int length = 0;
        for (String line : lines == null ? List.<String>of() : lines) {
            length += line.length();
            if (length > LONGEST) {
                throw malformed();
            }
            for (String token : line.split(",", -1)) {
                read(token.strip(), positions);
            }
        }
        if (positions.size() > MOST_DATABASES) {
            throw malformed();
        }
        return new ConsistencyToken(positions);
    }

    private static void read(String token, Map<String, WalPosition> into) {
        for (String entry : token.split("~", -1)) {
            Matcher matcher = ENTRY.matcher(entry);
            if (!matcher.matches()) {
                throw malformed();
            }
            WalPosition position = new WalPosition(Long.parseUnsignedLong(matcher.group(2), HEX));
            into.merge(matcher.group(1), position, ConsistencyToken::further);
        }
    }

    private static WalPosition further(WalPosition one, WalPosition other) {
        return one.reaches(other) ? one : other;
    }

    private static ProblemException malformed() {
        return new ProblemException(
                ProblemType.BAD_REQUEST,
                HEADER + " is none that an answer has carried: send it as it came, or leave it away");
    }

    /** Up to where a node must have this database to answer; empty when any will do. */
    public Optional<WalPosition> of(String database) {
        return Optional.ofNullable(positions.get(database));
    }

    /**
     * This token with the database's entry at {@code position} at least. Where there is no room for it, the others are made
     * up: the fleet has fewer databases than fit.
     */
    public ConsistencyToken raised(String database, WalPosition position) {
        boolean fits = positions.containsKey(database) || positions.size() < MOST_DATABASES;
        SortedMap<String, WalPosition> raised = fits ? new TreeMap<>(positions) : new TreeMap<>();
        raised.merge(database, position, ConsistencyToken::further);
        return new ConsistencyToken(raised);
    }

    /** The header's value; empty for {@link #NONE}, which is not sent. */
    public String text() {
        return positions.entrySet().stream()
                .map(entry -> entry.getKey() + "."
                        + Long.toUnsignedString(entry.getValue().bytes(), HEX))
                .collect(Collectors.joining("~"));
    }
}
