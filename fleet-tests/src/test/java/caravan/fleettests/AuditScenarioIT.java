package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.audit.Invariant;
import caravan.audit.Violation;
import caravan.fleet.Fleet;
import caravan.fleet.FleetOptions;
import caravan.fleet.audit.Report;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Somebody changes a row by hand in a fleet at work, and is found out. In a fleet of its own, whose counters begin at 0. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AuditScenarioIT {

    /** Services that look at their own rows, and the orchestrator, which looks at everybody's. */
    private static final List<String> AUDITORS = List.of(
            "order-service", "inventory-service", "payment-service", "notification-service", "saga-orchestrator");

    private static final Pattern VIOLATIONS =
            Pattern.compile("invariant_violations_total\\{invariant=\"(\\w+)\"[^}]*} (\\S+)");
    private static final Pattern JUDGED = Pattern.compile("audit_judged_total(?:\\{[^}]*})? (\\S+)");

    private static Fleet fleet;
    private static Shop shop;

    @BeforeAll
    static void startsAFleetThatLooksOften() {
        fleet = Fleet.start(FleetOptions.forTests(TheFleet.emptied("audited-fleet"))
                .withEnvironment("CARAVAN_AUDIT_EVERY", "1s")
                .withEnvironment("CARAVAN_AUDIT_SHARE", "0.5")
                .withEnvironment("CARAVAN_AUDIT_CONFIRM_AFTER", "3s")
                .withEnvironment("CARAVAN_AUDIT_PATIENCE", "20s")
                .withEnvironment("CARAVAN_SAGA_AUDIT_EVERY", "1s")
                .withEnvironment("CARAVAN_SAGA_AUDIT_AFTER", "5s"));
        shop = Shop.login(
                URI.create(fleet.address("gateway")), fleet.credentials().customer());
    }

    @AfterAll
    static void stopsIt() {
        fleet.close();
    }

    @Test
    @Order(1)
    void findsNothingInTheFourStories() {
        List<UUID> orders = List.of(
                shop.place(Shop.order(shop.sku(), 2, "GB", "tok_ok")),
                shop.place(Shop.order("SOLD-OUT", 1, "GB", "tok_ok")),
                shop.place(Shop.order(shop.sku(), 2, "GB", "tok_declined")),
                shop.place(Shop.order(shop.sku(), 2, "AQ", "tok_ok")));
        assertThat(orders)
                .extracting(order -> shop.awaitEnd(order).getString("status"))
                .containsExactly("APPROVED", "REJECTED", "REJECTED", "REJECTED");

        await().atMost(60, SECONDS).until(() -> judged("saga-orchestrator") >= orders.size());
        await().atMost(60, SECONDS).until(() -> AUDITORS.stream().allMatch(service -> judged(service) > 0));

        assertThat(violations()).containsOnlyKeys(Invariant.values());
        assertThat(violations().values()).containsOnly(0.0);
        assertThat(audited().examples()).isEmpty();
    }

    @Test
    @Order(2)
    void findsAPieceThatCameFromNowhere() throws SQLException {
        sql("inventory", "update stock set on_hand = on_hand + 1 where sku = 'SOLD-OUT'");

        await().atMost(60, SECONDS).until(() -> of(Invariant.STOCK_ADDS_UP) > 0);

        assertThat(of(Invariant.STOCK_ADDS_UP)).isEqualTo(1);
        assertThat(of(Invariant.MONEY_ADDS_UP)).isZero();
    }

    /** After the saga has ended, before anybody has looked. */
    @Test
    @Order(3)
    void findsMoneyThatWasTakenTwice() throws SQLException, IOException {
        UUID order = shop.place(Shop.order(shop.sku(), 1, "GB", "tok_ok"));
        JsonObject view = shop.awaitEnd(order);
        assertThat(view.getString("status")).isEqualTo("APPROVED");
        sql("payments", """
                update payments set amount_minor = 2 * amount_minor, captured_minor = 2 * captured_minor
                where order_id = '%s'""".formatted(order));

        await().atMost(60, SECONDS).until(() -> of(Invariant.MONEY_ADDS_UP) > 0 && of(Invariant.APPROVED_HAS_ALL) > 0);

        assertThat(of(Invariant.MONEY_ADDS_UP)).isEqualTo(1);
        assertThat(of(Invariant.APPROVED_HAS_ALL)).isEqualTo(1);
        assertThat(of(Invariant.REJECTED_HAS_NONE)).isZero();
        assertThat(Files.readString(fleet.log("saga-orchestrator")))
                .contains("invariant money_adds_up is violated")
                .contains(order.toString());
    }

    /** The same rules, and the same statements. */
    @Test
    @Order(4)
    void findsTheSameWhenItIsAskedAsAWhole() {
        assertThat(audited().examples())
                .extracting(Violation::invariant)
                .containsExactlyInAnyOrder(
                        Invariant.STOCK_ADDS_UP,
                        Invariant.APPROVED_HAS_ALL,
                        Invariant.MONEY_ADDS_UP,
                        Invariant.NETWORK_AGREES);
    }

    private static Report audited() {
        return TheFleet.audited(fleet, Duration.ofMinutes(1));
    }

    private static double of(Invariant invariant) {
        return violations().getOrDefault(invariant, 0.0);
    }

    /** Of all services together. */
    private static Map<Invariant, Double> violations() {
        Map<Invariant, Double> sums = new EnumMap<>(Invariant.class);
        AUDITORS.forEach(service -> VIOLATIONS
                .matcher(meters(service))
                .results()
                .forEach(found -> sums.merge(
                        Invariant.valueOf(found.group(1).toUpperCase(Locale.ROOT)),
                        Double.valueOf(found.group(2)),
                        Double::sum)));
        return sums;
    }

    private static double judged(String service) {
        return JUDGED.matcher(meters(service))
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
    }

    private static String meters(String service) {
        return Shop.visitor(URI.create(fleet.managementAddress(service)))
                .get("/q/metrics")
                .body();
    }

    private static void sql(String database, String statement) throws SQLException {
        try (var connection = Tables.open(fleet, database);
                var changed = connection.prepareStatement(statement)) {
            assertThat(changed.executeUpdate()).isEqualTo(1);
        }
    }
}
