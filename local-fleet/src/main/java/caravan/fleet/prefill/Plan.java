package caravan.fleet.prefill;

import caravan.fleet.OrderId;
import caravan.fleet.prefill.Cast.Buyer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** Which orders there shall be: each follows from the plan and its number, however often and in whatever pieces it is filled. */
record Plan(int orders, Instant from, Instant until, Cast cast) {

    /** Rows of so many orders are one transaction in each database. */
    static final int CHUNK = 10_000;

    private static final double DECLINED = 0.03;
    private static final double UNDELIVERABLE = 0.01;
    private static final int ORDERS_A_CUSTOMER = 20;

    /** Sagas that ended a week ago are forgotten: these would be at once, for hours, and no audit would find rest. */
    private static final Duration SPREAD = Duration.ofDays(6);
    /** Every parcel has left by then. */
    private static final Duration AGO = Duration.ofHours(2);

    private static final int ID = 0;
    private static final int WHO = 1;
    private static final int SAMPLE = 2;
    private static final int CUSTOMER = 3;
    private static final int EMAIL = 4;
    /** What is random in an order besides has salts of its own from here on. */
    private static final int OTHERS = 16;

    private static final int SALTS = 1 << 12;

    /** What one order has for itself. Its times are those of its pattern, moved by whole seconds so that it begins at {@code second}. */
    record Order(long number, UUID id, Buyer buyer, long second) {

        /** A value of its own, the same each time. */
        long noise(int which) {
            return Plan.noise(number, OTHERS + which);
        }

        /** An id that was given while the order was under way. */
        UUID otherId(int which) {
            return new UUID(id.getMostSignificantBits(), OrderId.variant(noise(which)));
        }
    }

    static Plan endingAt(Instant now, int orders, Cast cast) {
        Instant until = now.minus(AGO).truncatedTo(ChronoUnit.SECONDS);
        return new Plan(orders, until.minus(SPREAD), until, cast);
    }

    int chunks() {
        return (orders + CHUNK - 1) / CHUNK;
    }

    int firstAfter(int chunk) {
        return Math.min(orders, (chunk + 1) * CHUNK);
    }

    /** Spread evenly over the days. */
    Order order(int number) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, from)
                + ChronoUnit.MICROS.between(from, until) / orders * number;
        return new Order(number, OrderId.at(micros, noise(number, ID)), buyer(number), micros / 1_000_000);
    }

    /** The real order after which this one is made. */
    UUID sample(int number) {
        long noise = noise(number, SAMPLE);
        double story = (noise >>> 11) * 0x1p-53;
        if (story < DECLINED) {
            return one(cast.declined(), noise);
        }
        return one(story < DECLINED + UNDELIVERABLE ? cast.undeliverable() : cast.approved(), noise);
    }

    private Buyer buyer(int number) {
        List<Buyer> known = cast.buyers();
        int customers = Math.max(orders / ORDERS_A_CUSTOMER, known.size() + 1);
        int who = (int) Long.remainderUnsigned(noise(number, WHO), customers);
        return who < known.size() ? known.get(who) : new Buyer(version4(who, CUSTOMER), version4(who, EMAIL));
    }

    private static UUID one(List<UUID> samples, long noise) {
        return samples.get((int) (noise & 0x7ff) % samples.size());
    }

    private static UUID version4(int number, int salt) {
        return new UUID((noise(number, salt) & ~0xf000L) | 0x4000, OrderId.variant(noise(number, salt + OTHERS)));
    }

    /** SplitMix64 (Steele, Lea, Flood 2014): neighbours have nothing in common. */
    private static long noise(long number, int salt) {
        long z = (number * SALTS + salt + 1) * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
