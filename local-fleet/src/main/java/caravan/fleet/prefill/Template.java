package caravan.fleet.prefill;

import caravan.fleet.prefill.Plan.Order;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of a real order as {@code COPY} writes it, and where in it stands what another order has for itself: ids, times,
 * numbers. All of these have one width, so that another order's row is the same bytes with others in these places. One thread.
 */
final class Template {

    private static final Pattern OWN = Pattern.compile("(?<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
            // The order id in the carrier's spelling.
            + "|CX(?<label>[0-9A-F]{32})"
            + "|00-(?<trace>[0-9a-f]{32})-(?<span>[0-9a-f]{16})-[0-9a-f]{2}"
            + "|\"traceId\":\"(?<shown>[0-9a-f]{32})\""
            + "|ch_(?<charge>[0-9]{8})"
            // Fractions of a second stay as they are.
            + "|(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2})");

    /** Far from what the card network has given out. */
    private static final long FIRST_CHARGE = 50_000_000;

    /**
     * Whose values stand in the rows of one real order.
     *
     * @param second in which it was placed, since the epoch
     * @param others everything else that was random, numbered as it is met: the same value is the same number in all rows
     */
    record Original(UUID id, UUID customer, UUID email, long second, Map<String, Integer> others) {

        int number(String value) {
            Integer known = others.putIfAbsent(value, others.size());
            return known == null ? others.size() - 1 : known;
        }
    }

    /** Writes what belongs at one place of the row. */
    @FunctionalInterface
    private interface Hole {
        void fill(byte[] row, Order order);
    }

    private final byte[] row;
    private final List<Hole> holes = new ArrayList<>();

    private Template(byte[] row) {
        this.row = row;
    }

    static Template of(byte[] row, Original original) {
        Template template = new Template(row);
        // A char for each byte: what is looked for is ASCII.
        Matcher own = OWN.matcher(new String(row, StandardCharsets.ISO_8859_1));
        while (own.find()) {
            template.holes.add(hole(own, original));
            if (own.group("trace") != null) {
                template.holes.add(hex(own.start("span"), 16, original.number(own.group("span"))));
            }
        }
        return template;
    }

    private static Hole hole(Matcher own, Original original) {
        int at = own.start();
        if (own.group("uuid") != null) {
            return id(at, own.group("uuid"), original);
        } else if (own.group("label") != null) {
            int start = own.start("label");
            return (row, order) -> {
                hex(row, start, 16, order.id().getMostSignificantBits(), 'A');
                hex(row, start + 16, 16, order.id().getLeastSignificantBits(), 'A');
            };
        } else if (own.group("trace") != null) {
            return trace(own.start("trace"), original.number(own.group("trace")));
        } else if (own.group("shown") != null) {
            return trace(own.start("shown"), original.number(own.group("shown")));
        } else if (own.group("charge") != null) {
            int start = own.start("charge");
            return (row, order) -> decimal(row, start, 8, FIRST_CHARGE + order.number());
        }
        LocalDateTime time = LocalDateTime.parse(own.group("time").replace(' ', 'T'));
        long after = time.toEpochSecond(ZoneOffset.UTC) - original.second();
        return (row, order) -> time(row, at, order.second() + after);
    }

    private static Hole id(int at, String text, Original original) {
        UUID id = UUID.fromString(text);
        if (id.equals(original.id())) {
            return (row, order) -> uuid(row, at, order.id());
        } else if (id.equals(original.customer())) {
            return (row, order) -> uuid(row, at, order.buyer().id());
        } else if (id.equals(original.email())) {
            return (row, order) -> uuid(row, at, order.buyer().email());
        }
        int number = original.number(text);
        return (row, order) -> uuid(row, at, order.otherId(number));
    }

    private static Hole hex(int at, int digits, int number) {
        return (row, order) -> hex(row, at, digits, order.noise(number), 'a');
    }

    private static Hole trace(int at, int number) {
        return (row, order) -> {
            hex(row, at, 16, order.noise(number), 'a');
            hex(row, at + 16, 16, ~order.noise(number), 'a');
        };
    }

    /** The row of this order, good until the next call. */
    byte[] filled(Order order) {
        for (Hole hole : holes) {
            hole.fill(row, order);
        }
        return row;
    }

    private static void uuid(byte[] row, int at, UUID id) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        hex(row, at, 8, high >>> 32, 'a');
        hex(row, at + 9, 4, high >>> 16, 'a');
        hex(row, at + 14, 4, high, 'a');
        hex(row, at + 19, 4, low >>> 48, 'a');
        hex(row, at + 24, 12, low, 'a');
    }

    /** The lowest digits; {@code ten} is the digit after 9. */
    private static void hex(byte[] row, int at, int digits, long value, char ten) {
        for (int i = digits - 1; i >= 0; i--) {
            int digit = (int) value & 0xf;
            row[at + i] = (byte) (digit < 10 ? '0' + digit : ten + digit - 10);
            value >>>= 4;
        }
    }

    private static void decimal(byte[] row, int at, int digits, long value) {
        for (int i = digits - 1; i >= 0; i--) {
            row[at + i] = (byte) ('0' + value % 10);
            value /= 10;
        }
    }

    /** What is between the numbers stays. */
    private static void time(byte[] row, int at, long second) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        decimal(row, at, 4, time.getYear());
        decimal(row, at + 5, 2, time.getMonthValue());
        decimal(row, at + 8, 2, time.getDayOfMonth());
        decimal(row, at + 11, 2, time.getHour());
        decimal(row, at + 14, 2, time.getMinute());
        decimal(row, at + 17, 2, time.getSecond());
    }
}
