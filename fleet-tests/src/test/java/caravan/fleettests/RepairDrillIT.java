package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.audit.Violation;
import caravan.fleet.Fleet;
import caravan.fleet.FleetOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A release with a defect: no refund goes through. A thousand orders that cannot be shipped are stuck with the customer's money, and their
 * refunds lie among the dead letters. The defect is mended, and an operator repairs the thousand in bulk. In a fleet of its own, whose
 * undos are given up after one minute instead of seven.
 */
class RepairDrillIT {

    private static final int ORDERS = 1_000;
    private static final int CUSTOMERS = 16;
    private static final String STUCK = "select count(*) from sagas where phase = 'STUCK' and step = 'charge-payment'";
    private static final String SAGAS = "/api/v1/ops/sagas/repair?verb=resume&state=STUCK&step=charge-payment";
    private static final String LETTERS = "/api/v1/ops/dead-letters/";
    private static final String OF_PAYMENT = "?topic=payment.commands.v1&cause=defect";

    private static Fleet fleet;
    private static Shop operator;

    @BeforeAll
    static void startsAFleetThatGivesUpSoon() {
        fleet = Fleet.start(FleetOptions.forTests(TheFleet.emptied("broken-fleet"))
                .withEnvironment("CARAVAN_GATEWAY_LIMITS_POLICY_DEFAULT_QUOTA", "1000000")
                .withEnvironment("CARAVAN_SAGA_PLACE_ORDER_UNDO", "500ms")
                .withEnvironment("CARAVAN_SAGA_PLACE_ORDER_BACKOFF_CAP", "10s"));
        operator = Shop.login(gateway(), fleet.credentials().operator());
    }

    @AfterAll
    static void stopsIt() {
        fleet.close();
    }

    @Test
    void repairsAThousandBrokenSagasInBulk() throws SQLException {
        deployTheDefect();
        List<UUID> orders = placeOrdersThatCannotBeShipped();
        await().atMost(240, SECONDS).until(() -> count("sagas", STUCK) == ORDERS);
        System.out.printf(
                "%d sagas are stuck; %d dead letters%n",
                ORDERS, count("sagas", "select count(*) from dead_letters where state = 'OPEN'"));

        assertThat(post(SAGAS + "&dryRun=true"))
                .isEqualTo(new JsonObject()
                        .put("matched", ORDERS)
                        .put("dryRun", true)
                        .put("done", 0)
                        .put("refused", new JsonObject())
                        .put("more", false));
        assertThat(count("sagas", STUCK)).isEqualTo(ORDERS);
        mendTheDefect();
        long startNs = System.nanoTime();
        JsonObject given = post(SAGAS);
        await().atMost(120, SECONDS)
                .until(() -> count("sagas", "select count(*) from sagas where phase = 'COMPENSATED'") == ORDERS);
        System.out.printf(
                "%d of them are resumed, all have ended after %d ms%n",
                given.getInteger("done"), (System.nanoTime() - startNs) / 1_000_000);

        // Refunds that were still queued are done as soon as they can be, and a saga whose refund is done waits for
        // nobody.
        assertThat(given.getInteger("done")).isBetween(ORDERS * 9 / 10, ORDERS);
        assertThat(count("sagas", "select count(*) from operator_orders where verb = 'RESUME' and reason = 'mended'"))
                .isEqualTo(given.getLong("done"));
        assertThat(orders).allSatisfy(order -> assertThat(status(order)).isEqualTo("REJECTED"));
        assertThat(audit()).isEmpty();
        clearsTheDeadLetters();
        assertThat(audit()).isEmpty();
    }

    /** What comes back is answered from the record; the rest nobody needs any more. */
    private static void clearsTheDeadLetters() throws SQLException {
        JsonObject replayed = post(LETTERS + "replay" + OF_PAYMENT + "&limit=500");
        assertThat(replayed.getInteger("done")).isEqualTo(500);
        await().atMost(60, SECONDS)
                .until(() -> count("sagas", "select count(*) from dead_letters where state = 'REPLAYED'") == 500);
        while (post(LETTERS + "discard" + OF_PAYMENT).getInteger("done") > 0) {
            // thousand by thousand
        }
        assertThat(count("sagas", "select count(*) from dead_letters where state = 'OPEN'"))
                .isZero();
    }

    private static void deployTheDefect() throws SQLException {
        Tables.run(fleet, "payments", """
                create function defect() returns trigger language plpgsql as $$ begin raise exception 'defect'; end $$;
                create trigger defect before update on payments for each row when (new.state = 'REFUND_REQUESTED')
                  execute function defect()""");
    }

    private static void mendTheDefect() throws SQLException {
        Tables.run(fleet, "payments", "drop function defect() cascade");
    }

    private static List<UUID> placeOrdersThatCannotBeShipped() {
        List<Shop> shops = IntStream.range(0, CUSTOMERS)
                .mapToObj(_ -> Shop.register(gateway()))
                .toList();
        // One product alone would be sold out half-way.
        List<String> skus = shops.getFirst().products().stream()
                .map(product -> ((JsonObject) product).getString("sku"))
                .filter(sku -> !sku.equals("SOLD-OUT"))
                .toList();
        try (ExecutorService customers = Executors.newFixedThreadPool(CUSTOMERS)) {
            List<CompletableFuture<UUID>> placed = IntStream.range(0, ORDERS)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> shops.get(i % CUSTOMERS)
                                    .place(Shop.order(skus.get(i % skus.size()), 1, "AQ", "tok_ok")),
                            customers))
                    .toList();
            return placed.stream().map(CompletableFuture::join).toList();
        }
    }

    private static JsonObject post(String path) {
        HttpResponse<String> answer = operator.send(operator.to(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"reason\":\"mended\"}")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static String status(UUID order) throws SQLException {
        try (var connection = Tables.open(fleet, "orders");
                var query = connection.prepareStatement("select status from orders where id = ?")) {
            query.setObject(1, order);
            try (var rows = query.executeQuery()) {
                return rows.next() ? rows.getString(1) : "none";
            }
        }
    }

    private static List<Violation> audit() {
        return TheFleet.audited(fleet, Duration.ofMinutes(1)).examples();
    }

    private static long count(String database, String sql) throws SQLException {
        return Tables.count(fleet, database, sql);
    }

    private static URI gateway() {
        return URI.create(fleet.address("gateway"));
    }
}
