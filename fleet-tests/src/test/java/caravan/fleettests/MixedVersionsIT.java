package caravan.fleettests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import caravan.fleet.FleetException;
import caravan.fleet.audit.Report;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * This version and the next run side by side, forwards and half the way back, while orders come and the card network comes and goes: each saga ends as it
 * began, and nobody notices. Each stage begins where the one before it has ended, so that they are one test.
 */
class MixedVersionsIT {

    private static final String ORCHESTRATOR = "saga-orchestrator";
    private static final String NOTIFICATION = "notification-service";
    private static final String SAGAS = "sagas";
    private static final int ORDERS_PER_SECOND = 6;
    private static final int MANY = 12;
    private static final Duration BOUND = Duration.ofSeconds(60);

    /** Editions of the saga in the order in which the fleet has met them. */
    private static final String OPEN = """
            select s.id from sagas s where s.ended_at is null and s.step = 'charge-payment' and s.definition_id = (
              select id from saga_definitions where name = 'place-order' order by id offset %d limit 1)""";

    private static final String THIS = OPEN.formatted(0);
    private static final String NEXT = OPEN.formatted(1);

    /** Sagas by edition and end, and how often each made sure of its mail. */
    private static final String ENDS = """
            select dense_rank() over (order by d.id) = 1 as is_this, s.phase, m.times, count(*) as sagas
            from sagas s join saga_definitions d on d.id = s.definition_id,
              lateral (select count(*) as times from saga_steps l where l.saga_id = s.id
                and l.event::jsonb ->> 'step' = 'make-sure-of-mail' and l.event::jsonb ->> 'what' = 'DONE') m
            where d.name = 'place-order' group by d.id, s.phase, m.times order by 1, 2, 3""";

    private record Ends(boolean isThis, String phase, int timesMadeSure, long sagas) {}

    private RollingFleet rolling;
    private Path next;
    private BusyShops shops;

    @BeforeEach
    void startsThisVersionAndBuildsTheNext() {
        next = NextVersion.build();
        // A card network that is back is noticed soon.
        rolling = RollingFleet.start("mixed-fleet", Map.of("CARAVAN_PAYMENT_BREAKER_OPEN_FOR", "3s"));
        shops = BusyShops.open(rolling.gateway(), ORDERS_PER_SECOND).untilCalm();
    }

    @AfterEach
    void stops() {
        shops.close();
        rolling.close();
    }

    @Test
    void endsEverySagaAsItBeganWhicheverVersionsRun() throws Exception {
        cardNetwork("down");
        List<UUID> before = awaitMany(THIS);

        String nextNotification = upgradesTheParticipant();
        String nextOrchestrator = rolling.add(ORCHESTRATOR, next);
        runBothWithSagasOfBoth(before);
        goesBackAndForthAgain(nextOrchestrator);
        refusesToGoBackWhileItsSagasAreOpen();
        rolling.add(NOTIFICATION);
        rolling.takeOut(NOTIFICATION, nextNotification);

        shops.close();
        Report report = TheFleet.audited(rolling.fleet(), Duration.ofMinutes(2));
        List<Ends> ends = ends();
        System.out.printf(
                "%d requests, %d orders; %s%n",
                shops.answered(), shops.accepted().size(), ends);
        assertThat(shops.bad().stream().limit(20)).isEmpty();
        assertThat(report.examples()).isEmpty();
        assertThat(report.open()).isZero();
        assertThat(count(SAGAS, "select count(*) from dead_letters")).isZero();
        assertThat(count(SAGAS, "select count(*) from set_aside")).isZero();
        assertThat(ends)
                .filteredOn(Ends::isThis)
                .extracting(Ends::timesMadeSure)
                .containsOnly(0);
        assertThat(ends)
                .filteredOn(each -> !each.isThis() && each.phase().equals("COMPLETED"))
                .extracting(Ends::timesMadeSure)
                .containsOnly(1);
        assertThat(mails("language is null")).isPositive();
        assertThat(mails("language = 'en'")).isPositive();
        assertThat(mails("state <> 'SENT'")).isZero();
    }

    /** It comes first: what it adds, nobody has to use. Both versions send each other's mails meanwhile. */
    private String upgradesTheParticipant() {
        String instance = rolling.add(NOTIFICATION, next);
        rolling.takeOut(NOTIFICATION, NOTIFICATION);
        return instance;
    }

    private void runBothWithSagasOfBoth(List<UUID> before) throws SQLException {
        awaitMany(NEXT);

        cardNetwork("up");
        awaitEnd(before);
        awaitNone(THIS);
        awaitNone(NEXT);
    }

    /** The upgrade is broken off with its sagas under way, and taken up again. */
    private void goesBackAndForthAgain(String nextOrchestrator) throws SQLException {
        cardNetwork("down");
        List<UUID> ofNext = awaitMany(NEXT);
        List<UUID> ofThis = awaitMany(THIS);

        rolling.takeOut(ORCHESTRATOR, nextOrchestrator);
        cardNetwork("up");
        awaitEnd(ofThis);
        // What is said to them is kept, and else they are left alone: not ended, not undone, not asked again.
        await().atMost(BOUND).until(() -> metric(ORCHESTRATOR, "saga_set_aside_total") > 0);
        assertThat(ids(NEXT)).containsAll(ofNext);

        rolling.add(ORCHESTRATOR, next);
        awaitEnd(ofNext);
        rolling.takeOut(ORCHESTRATOR, ORCHESTRATOR);
    }

    private void refusesToGoBackWhileItsSagasAreOpen() throws Exception {
        cardNetwork("down");
        awaitMany(NEXT);

        assertThatThrownBy(() -> rolling.add(ORCHESTRATOR))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("while it started");
        try (var logs = Files.list(rolling.fleet().log(ORCHESTRATOR).getParent())) {
            assertThat(logs.filter(log -> log.getFileName().toString().startsWith(ORCHESTRATOR)))
                    .anySatisfy(
                            log -> assertThat(log).content().contains("this build lacks the definition of open sagas"));
        }

        cardNetwork("up");
        awaitNone(NEXT);
    }

    private void cardNetwork(String mode) {
        URI admin = URI.create(rolling.fleet().address("card-network") + "/admin");
        assertThat(Shop.sendOnce(HttpRequest.newBuilder(admin)
                                .POST(BodyPublishers.ofString(
                                        new JsonObject().put("mode", mode).encode()))
                                .build())
                        .statusCode())
                .isEqualTo(200);
    }

    private List<UUID> awaitMany(String sql) {
        return await().atMost(BOUND).until(() -> ids(sql), ids -> ids.size() >= MANY);
    }

    /** While orders come there are always some: none of those that there are now. */
    private void awaitNone(String sql) throws SQLException {
        awaitEnd(ids(sql));
    }

    private void awaitEnd(List<UUID> sagas) {
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(ids("select id from sagas where ended_at is not null"))
                        .containsAll(sagas));
    }

    private List<UUID> ids(String sql) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        try (var connection = Tables.open(rolling.fleet(), SAGAS);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                ids.add(rows.getObject(1, UUID.class));
            }
        }
        return ids;
    }

    private List<Ends> ends() throws SQLException {
        List<Ends> ends = new ArrayList<>();
        try (var connection = Tables.open(rolling.fleet(), SAGAS);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(ENDS)) {
            while (rows.next()) {
                ends.add(new Ends(rows.getBoolean(1), rows.getString(2), rows.getInt(3), rows.getLong(4)));
            }
        }
        return ends;
    }

    private long mails(String which) throws SQLException {
        return count("notifications", "select count(*) from confirmations where " + which);
    }

    private long count(String database, String sql) throws SQLException {
        return Tables.count(rolling.fleet(), database, sql);
    }

    private double metric(String instance, String name) {
        URI metrics = URI.create(rolling.fleet().managementAddress(instance) + "/q/metrics");
        return Shop.sendOnce(HttpRequest.newBuilder(metrics).build())
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
