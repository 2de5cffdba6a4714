package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.Fleet;
import caravan.fleet.Ports;
import caravan.fleet.audit.Report;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every service is replaced in turn while customers order, look, wait and listen: none of them notices. */
class RollingRestartIT {

    private static final int ORDERS_PER_SECOND = 8;
    private static final int LONG_STREAMS = 6;

    /** What Kubernetes gives each of them, less the sleep before it: {@link caravan.fleet.Fleet#stopService} kills after 30 s. */
    private static final Duration GRACE = Duration.ofSeconds(25);

    /** A JVM that ended because it was asked to: 128 + SIGTERM. */
    private static final int ASKED_TO = 143;

    private static final String LONGEST_PAUSE = """
            select coalesce(max(extract(epoch from gap)), 0) from (
              select ended_at - lag(ended_at) over (order by ended_at) as gap from sagas
              where ended_at between ? and ?) gaps""";

    private record Replaced(String service, Instant from, Instant until, Duration start, Fleet.Ended ended) {}

    @Test
    void replacesEveryServiceAndNobodyNotices() throws Exception {
        try (RollingFleet rolling = RollingFleet.start("rolling-fleet")) {
            List<Replaced> replaced = new ArrayList<>();
            BusyShops shops =
                    BusyShops.open(rolling.gateway(), ORDERS_PER_SECOND).untilCalm();
            List<FollowedOrder> longOnes = IntStream.range(0, LONG_STREAMS)
                    .mapToObj(shops::followALongOne)
                    .toList();

            for (String service : Ports.SERVICES) {
                replaced.add(replace(rolling, service));
            }
            shops.close();
            IntStream.range(0, LONG_STREAMS).forEach(i -> shops.cancel(longOnes.get(i), i));
            Report report = TheFleet.audited(rolling.fleet(), Duration.ofMinutes(2));

            tell(rolling.fleet(), shops, replaced);
            assertThat(shops.bad().stream().limit(20)).isEmpty();
            assertThat(report.examples()).isEmpty();
            assertThat(report.open()).isZero();
            assertThat(replaced).allSatisfy(each -> {
                assertThat(each.ended().exitCode()).isIn(0, ASKED_TO);
                assertThat(each.ended().took()).isLessThan(GRACE);
            });
            assertThat(ended(rolling.fleet(), shops)).isEqualTo(shops.accepted().size());
            assertThat(Tables.count(rolling.fleet(), "sagas", "select count(*) from dead_letters"))
                    .isZero();
            assertThat(shops.followed()).allSatisfy(RollingRestartIT::missedNothing);
            assertThat(longOnes).allSatisfy(each -> assertThat(each.streams()).isGreaterThan(1));
        }
    }

    private static Replaced replace(RollingFleet rolling, String service) {
        Instant from = Instant.now();
        rolling.add(service);
        Duration start = Duration.between(from, Instant.now());
        Fleet.Ended ended = rolling.takeOut(service, service);
        return new Replaced(service, from, Instant.now(), start, ended);
    }

    private static void missedNothing(FollowedOrder order) {
        CompletableFuture<Void> end = order.end();
        assertThat(end).as("the stream of " + order.order()).succeedsWithin(60, SECONDS);
        assertThat(order.events())
                .extracting(FollowedOrder.Event::id)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, order.events().size()).boxed().toList());
        assertThat(order.events().getLast().status()).isIn("APPROVED", "REJECTED", "CANCELLED");
        assertThat(order.troubles()).isEmpty();
    }

    /** How many of the accepted orders have a saga that has ended. */
    private static long ended(Fleet fleet, BusyShops shops) throws SQLException {
        try (var connection = Tables.open(fleet, "sagas");
                var query = connection.prepareStatement(
                        "select count(*) from sagas where id = any(?) and ended_at is not null")) {
            query.setArray(1, connection.createArrayOf("uuid", shops.accepted().toArray()));
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static void tell(Fleet fleet, BusyShops shops, List<Replaced> replaced) throws SQLException {
        System.out.printf(
                "%d requests, %d orders, %d orders followed in %d streams%n",
                shops.answered(),
                shops.accepted().size(),
                shops.followed().size(),
                shops.followed().stream().mapToInt(FollowedOrder::streams).sum());
        for (Replaced each : replaced) {
            System.out.printf(
                    "%-22s ready after %4.1f s, ended %d within %4.1f s, longest pause in ended sagas %.2f s%n",
                    each.service(),
                    each.start().toMillis() / 1000.0,
                    each.ended().exitCode(),
                    each.ended().took().toMillis() / 1000.0,
                    longestPause(fleet, each));
        }
        shops.tellBad();
    }

    private static double longestPause(Fleet fleet, Replaced each) throws SQLException {
        try (var connection = Tables.open(fleet, "sagas");
                var query = connection.prepareStatement(LONGEST_PAUSE)) {
            query.setTimestamp(1, Timestamp.from(each.from()));
            query.setTimestamp(2, Timestamp.from(each.until()));
            try (var rows = query.executeQuery()) {
                rows.next();
                return rows.getDouble(1);
            }
        }
    }
}
