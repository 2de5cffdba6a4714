package caravan.fleet.bench;

import caravan.fleet.OrderBody;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What customers order: few products are in many orders and many in few (Zipf's law, exponent 1), one to five lines of one or
 * two pieces, 3 % declined cards, 1 % addresses that no carrier delivers to. The same seed gives the same orders. One thread.
 */
public final class Mix {

    static final double DECLINED = 0.03;
    static final double UNDELIVERABLE = 0.01;

    private static final int MOST_LINES = 5;
    private static final int MOST_PIECES = 2;

    private final List<String> skus;
    private final double[] upTo;
    private final Random random;

    public Mix(List<String> skus, long seed) {
        this.skus = List.copyOf(skus);
        this.random = new Random(seed);
        this.upTo = new double[skus.size()];
        double sum = 0;
        for (int i = 0; i < upTo.length; i++) {
            sum += 1.0 / (i + 1);
            upTo[i] = sum;
        }
    }

    /** How an order ends, and how often of a whole. */
    public enum Story {
        APPROVED(1 - DECLINED - UNDELIVERABLE),
        CARD_DECLINED(DECLINED),
        ADDRESS_UNDELIVERABLE(UNDELIVERABLE);

        private final double part;

        Story(double part) {
            this.part = part;
        }

        public double part() {
            return part;
        }
    }

    /** The body of one order. */
    public JsonObject next() {
        double at = random.nextDouble();
        if (at < DECLINED) {
            return next(Story.CARD_DECLINED);
        }
        return next(at < DECLINED + UNDELIVERABLE ? Story.ADDRESS_UNDELIVERABLE : Story.APPROVED);
    }

    /** The body of one that will end so. */
    public JsonObject next(Story story) {
        JsonArray items = new JsonArray();
        products().forEach(sku -> items.add(OrderBody.line(sku, 1 + random.nextInt(MOST_PIECES))));
        return OrderBody.of(
                items,
                story == Story.ADDRESS_UNDELIVERABLE ? "AQ" : "GB",
                story == Story.CARD_DECLINED ? "tok_declined" : "tok_ok");
    }

    /** The time until the next arrival when {@code rate} a second come independently of each other, in nanoseconds. */
    long gapNanos(double rate) {
        return (long) (-Math.log(1 - random.nextDouble()) / rate * 1_000_000_000L);
    }

    private Set<String> products() {
        int lines = Math.min(1 + random.nextInt(MOST_LINES), skus.size());
        Set<String> products = new LinkedHashSet<>();
        while (products.size() < lines) {
            products.add(skus.get(product()));
        }
        return products;
    }

    private int product() {
        double at = random.nextDouble() * upTo[upTo.length - 1];
        int i = java.util.Arrays.binarySearch(upTo, at);
        return Math.min(i < 0 ? -i - 1 : i, upTo.length - 1);
    }
}
