package caravan.common.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The parts that need no Redis. */
class PartsTest {

    @Test
    void sharesAFlightUntilItHasLanded() {
        SingleFlight<String> flights = new SingleFlight<>(10);
        AtomicInteger started = new AtomicInteger();
        Promise<String> first = Promise.promise();

        Future<String> one = flights.join("key", () -> started(started, first));
        Future<String> two = flights.join("key", () -> started(started, Promise.promise()));
        first.complete("value");
        Future<String> three = flights.join("key", () -> started(started, Promise.promise()));

        assertThat(one.result()).isEqualTo("value");
        assertThat(two.result()).isEqualTo("value");
        assertThat(three.isComplete()).isFalse();
        assertThat(started).hasValue(2);
    }

    @Test
    void doesNotTakeTheNewFlightAwayWhenTheOldOneLands() {
        SingleFlight<String> flights = new SingleFlight<>(10);
        Promise<String> old = Promise.promise();
        Promise<String> fresh = Promise.promise();
        Future<String> before = flights.join("key", old::future);
        flights.part("key");
        Future<String> after = flights.join("key", fresh::future);

        old.complete("old");

        assertThat(before.result()).isEqualTo("old");
        assertThat(after.isComplete()).isFalse();
        assertThat(flights.has("key")).isTrue();
    }

    @Test
    void hasRoomForSoManyKeys() {
        SingleFlight<String> flights = new SingleFlight<>(1);
        Promise<String> first = Promise.promise();
        flights.join("one", first::future);

        Future<String> second = flights.join("two", () -> Future.succeededFuture("value"));

        assertThat(second.cause()).isInstanceOf(BusyException.class);
        assertThat(flights.hasRoom("one")).isTrue();
        first.complete("value");
        assertThat(flights.hasRoom("two")).isTrue();
    }

    @Test
    void runsSoManyAtOnceAndTheRestInOrder() {
        Slots slots = new Slots(2);
        List<Promise<Integer>> work =
                IntStream.range(0, 4).mapToObj(_ -> Promise.<Integer>promise()).toList();
        List<Integer> started = new ArrayList<>();
        List<Future<Integer>> done = IntStream.range(0, 4)
                .mapToObj(i -> slots.run(() -> {
                    started.add(i);
                    return work.get(i).future();
                }))
                .toList();
        assertThat(started).containsExactly(0, 1);

        work.get(1).fail("broken");
        work.get(2).complete(2);

        assertThat(started).containsExactly(0, 1, 2, 3);
        assertThat(done.get(1).failed()).isTrue();
        assertThat(done.get(2).result()).isEqualTo(2);
    }

    @Test
    void goesOnWhenWorkCannotEvenBegin() {
        Slots slots = new Slots(1);

        Future<String> broken = slots.run(() -> {
            throw new IllegalStateException("broken");
        });

        assertThat(broken.cause()).hasMessage("broken");
        assertThat(slots.run(() -> Future.succeededFuture("fine")).result()).isEqualTo("fine");
    }

    @Test
    void drawsEarlyRefreshesExponentially() {
        Random random = new Random(7);

        double[] draws = IntStream.range(0, 100_000)
                .mapToDouble(_ -> EarlyRefresh.draw(random))
                .toArray();

        assertThat(Arrays.stream(draws)).allMatch(draw -> draw >= 0 && Double.isFinite(draw));
        assertThat(Arrays.stream(draws).average().orElseThrow()).isCloseTo(1, within(0.02));
        // A thousand readers a second and a load of 20 ms: the first is due some ln(1000) loads before the end.
        double firstOfAThousand = Arrays.stream(draws).limit(1_000).max().orElseThrow();
        assertThat(firstOfAThousand).isBetween(4.0, 12.0);
    }

    @Test
    void shortensLivesByChance() {
        Random random = new Random(7);
        Duration life = Duration.ofSeconds(10);

        List<Duration> lives = IntStream.range(0, 1_000)
                .mapToObj(_ -> EarlyRefresh.shortened(life, 0.1, random))
                .toList();

        assertThat(lives).allSatisfy(each -> assertThat(each).isBetween(Duration.ofSeconds(9), life));
        assertThat(lives.stream().distinct().count()).isGreaterThan(500);
        assertThat(EarlyRefresh.shortened(life, 0, random)).isEqualTo(life);
    }

    @Test
    void doesNotTakeAServedValueForYoungerAsTimePasses() {
        Served<String> served =
                new Served<>("value", System.nanoTime() - Duration.ofSeconds(5).toNanos(), true);

        Duration first = served.age();
        Duration second = served.age();

        assertThat(first).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(second).isGreaterThanOrEqualTo(first);
    }

    private static Future<String> started(AtomicInteger started, Promise<String> work) {
        started.incrementAndGet();
        return work.future();
    }
}
