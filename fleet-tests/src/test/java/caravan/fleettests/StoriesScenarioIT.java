package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoriesScenarioIT {

    private final Shop shop = TheFleet.shop();

    @AfterEach
    void everyInvariantHolds() {
        assertThat(TheFleet.audited(Duration.ofMinutes(1)).examples()).isEmpty();
    }

    @Test
    void approvesAnOrderAndMailsOneConfirmation() {
        UUID order = shop.place(Shop.order(shop.sku(), 2, "GB", "tok_ok"));

        JsonObject view = shop.awaitEnd(order);

        assertThat(view.getString("status")).isEqualTo("APPROVED");
        assertThat(view.getJsonObject("payment").getJsonObject("amount")).isEqualTo(view.getJsonObject("total"));
        assertThat(view.getJsonObject("shipment").getString("trackingNumber")).isNotBlank();
        await().atMost(20, SECONDS).until(() -> mailsAbout(order) == 1);
    }

    @Test
    void rejectsWhatIsSoldOut() {
        UUID order = shop.place(Shop.order("SOLD-OUT", 1, "GB", "tok_ok"));

        JsonObject view = shop.awaitEnd(order);

        assertRejected(view, "stock-unavailable");
        assertThat(steps(view)).doesNotContain("charge-payment");
    }

    @Test
    void givesTheStockBackWhenTheCardIsDeclined() {
        UUID order = shop.place(Shop.order(shop.sku(), 2, "GB", "tok_declined"));

        JsonObject view = shop.awaitEnd(order);

        assertRejected(view, "card-declined");
        assertThat(steps(view))
                .containsSubsequence("reserve-stock DONE", "charge-payment REJECTED", "reserve-stock UNDONE");
    }

    @Test
    void givesMoneyAndStockBackWhenTheAddressIsUndeliverable() {
        UUID order = shop.place(Shop.order(shop.sku(), 2, "AQ", "tok_ok"));

        JsonObject view = shop.awaitEnd(order);

        assertRejected(view, "address-undeliverable");
        assertThat(view.getJsonObject("payment").getString("status")).isEqualTo("REFUNDED");
        assertThat(steps(view))
                .containsSubsequence(
                        "charge-payment DONE",
                        "arrange-shipment REJECTED",
                        "charge-payment UNDONE",
                        "reserve-stock UNDONE",
                        "order-placed UNDONE");
    }

    @Test
    void chargesOnceThroughASlowAndAFlakyNetwork() {
        UUID slow = shop.place(Shop.order(shop.sku(), 1, "GB", "tok_slow"));
        UUID flaky = shop.place(Shop.order(shop.sku(), 1, "GB", "tok_flaky"));
        UUID flakyToo = shop.place(Shop.order(shop.sku(), 1, "GB", "tok_flaky"));

        List<JsonObject> views = List.of(shop.awaitEnd(slow), shop.awaitEnd(flaky), shop.awaitEnd(flakyToo));

        assertThat(views).extracting(view -> view.getString("status")).containsOnly("APPROVED");
    }

    @Test
    void holdsUpNobodyWhenOneCardNeverAnswers() {
        shop.place(Shop.order(shop.sku(), 1, "GB", "tok_slow"));
        UUID quick = shop.place(Shop.order(shop.sku(), 1, "GB", "tok_ok"));

        long startNs = System.nanoTime();
        shop.awaitEnd(quick);

        assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void queuesChargesWhileTheCardNetworkIsDownAndChargesOnceWhenItIsBack() {
        switchNetwork("down");
        List<UUID> orders = java.util.stream.IntStream.range(0, 30)
                .mapToObj(_ -> shop.place(Shop.order(shop.sku(), 1, "GB", "tok_ok")))
                .toList();
        try {
            await().atMost(30, SECONDS)
                    .until(() -> orders.stream()
                            .anyMatch(order ->
                                    shop.view(order).getString("status").equals("PAYMENT_QUEUED")));
        } finally {
            switchNetwork("up");
        }

        assertThat(orders).allSatisfy(order -> assertThat(awaitLong(order)).isEqualTo("APPROVED"));
    }

    /** The breaker stays open for 30 s. */
    private String awaitLong(UUID order) {
        return await().atMost(90, SECONDS)
                .until(
                        () -> shop.view(order).getString("status"),
                        status -> !status.startsWith("P") && !status.startsWith("S"));
    }

    private void switchNetwork(String mode) {
        Shop network = Shop.visitor(java.net.URI.create(TheFleet.get().address("card-network")));
        network.send(network.to("/admin")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                        new JsonObject().put("mode", mode).encode())));
    }

    private static long mailsAbout(UUID order) {
        Shop mail = Shop.visitor(java.net.URI.create(TheFleet.get().address("mail")));
        return new JsonArray(mail.get("/messages").body())
                .stream()
                        .filter(each -> each.toString().contains(order.toString()))
                        .count();
    }

    private static void assertRejected(JsonObject view, String code) {
        assertThat(view.getString("status")).isEqualTo("REJECTED");
        assertThat(view.getJsonObject("failure").getString("code")).isEqualTo(code);
    }

    private static List<String> steps(JsonObject view) {
        return view.getJsonArray("timeline").stream()
                .map(JsonObject.class::cast)
                .map(entry -> entry.getString("step") + " " + entry.getString("what"))
                .toList();
    }
}
