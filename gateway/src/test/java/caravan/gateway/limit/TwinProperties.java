package caravan.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.testing.Backends;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/** The script in Redis and the arithmetic in Java decide alike, whatever the clock does. */
class TwinProperties {

    /** Some later (or, clocks being clocks, earlier) than the last, a few requests arrive together. */
    record Arrival(long afterUs, List<Wanted> takes) {}

    /** @param buckets which of the policies apply, as bits */
    record Wanted(int cost, int buckets) {}

    private static final long START_US = 1_790_000_000_000_000L;

    /** Long enough for no key to expire by the real clock while ours stands still. */
    private static final String LATER = "'PX', expiry + 600000";

    private static final Vertx VERTX = Vertx.vertx();
    private static final Redis REDIS =
            Redis.createClient(VERTX, Backends.addresses().redisUrl());
    private static final RedisConnection CONNECTION = OneGateway.get(REDIS.connect());

    @AfterContainer
    static void close() {
        REDIS.close();
        OneGateway.get(VERTX.close());
    }

    @Property(tries = 120, shrinking = ShrinkingMode.BOUNDED)
    void scriptAndTwinDecideAlike(
            @ForAll("policies") List<Policy> policies, @ForAll("arrivals") List<Arrival> arrivals) {
        String whose = UUID.randomUUID().toString();
        TakeScript script = new TakeScript(withAClockOfOurs(whose), policies);
        AtomicLong clockUs = new AtomicLong(START_US);
        LocalBuckets twin = new LocalBuckets(1000, Duration.ofHours(2), () -> 1, clockUs::get);

        for (Arrival arrival : arrivals) {
            clockUs.addAndGet(arrival.afterUs());
            List<Take> takes = arrival.takes().stream()
                    .map(wanted -> take(policies, wanted, whose))
                    .toList();
            List<Decision> decided = TakeScript.decisions(run(script, takes, whose, clockUs.get()), takes);

            for (int i = 0; i < takes.size(); i++) {
                assertThat(told(decided.get(i), takes.get(i))).isEqualTo(told(twin.decide(takes.get(i)), takes.get(i)));
            }
        }
    }

    @Provide
    Arbitrary<List<Policy>> policies() {
        Arbitrary<Rate> rate = Combinators.combine(
                        Arbitraries.longs().between(1, 200), Arbitraries.longs().between(1, 3600))
                .as((quota, seconds) -> new Rate(quota, seconds * 1_000_000));
        Arbitrary<Mode> mode = Arbitraries.of(Mode.ENFORCE, Mode.ENFORCE, Mode.SHADOW);
        return Combinators.combine(rate.list().ofSize(3), mode.list().ofSize(3))
                .as((rates, modes) -> List.of(
                        new Policy(0, "a", By.CALLER, modes.get(0), rates.get(0)),
                        new Policy(1, "b", By.ADDRESS, modes.get(1), rates.get(1)),
                        new Policy(2, "c", By.CALLER, modes.get(2), rates.get(2))));
    }

    @Provide
    Arbitrary<List<Arrival>> arrivals() {
        Arbitrary<Wanted> take = Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(9, Arbitraries.integers().between(1, 40)),
                                Tuple.of(1, Arbitraries.integers().between(1, 1_000_000))),
                        Arbitraries.integers().between(1, 7))
                .as(Wanted::new);
        Arbitrary<Long> after = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.longs().between(0, 1_000)),
                Tuple.of(4, Arbitraries.longs().between(0, 20_000_000)),
                Tuple.of(1, Arbitraries.longs().between(-60_000_000, -1)),
                Tuple.of(1, Arbitraries.longs().between(0, 10_000_000_000L)));
        return Combinators.combine(after, take.list().ofMinSize(1).ofMaxSize(4))
                .as(Arrival::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(25);
    }

    private static Script withAClockOfOurs(String whose) {
        String text = Script.resource("take.lua").text();
        String ours = text.replace(
                        "redis.call('TIME')",
                        "{redis.call('GET', '" + whose + ":s'), redis.call('GET', '" + whose + ":us')}")
                .replace("'PX', expiry", LATER);
        assertThat(ours).contains(whose, LATER);
        return Script.of(ours);
    }

    private static Take take(List<Policy> policies, Wanted wanted, String whose) {
        List<Policy> applied = new ArrayList<>();
        for (Policy policy : policies) {
            if ((wanted.buckets() >> policy.index() & 1) == 1) {
                applied.add(policy);
            }
        }
        String[] keys = applied.stream().map(policy -> policy.key(whose)).toArray(String[]::new);
        return new Take(applied, keys, wanted.cost(), null, Promise.promise());
    }

    private static Response run(TakeScript script, List<Take> takes, String whose, long nowUs) {
        Request clock = Request.cmd(Command.MSET)
                .arg(whose + ":s")
                .arg(nowUs / 1_000_000)
                .arg(whose + ":us")
                .arg(nowUs % 1_000_000);
        return OneGateway.get(CONNECTION.batch(List.of(clock, script.byText(takes))))
                .get(1);
    }

    private static String told(Decision decision, Take take) {
        StringBuilder told = new StringBuilder(decision.admits() ? "admitted" : "refused");
        for (int i = 0; i < take.size(); i++) {
            told.append(decision.lacks(i) ? " lacks " : " has ").append(decision.debt(i));
        }
        return told.toString();
    }
}
