package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A customer thinks again. */
class CancelScenarioIT {

    private final Shop customer = Shop.register(TheFleet.gateway());

    @AfterEach
    void everyInvariantHolds() {
        assertThat(TheFleet.audited(Duration.ofMinutes(1)).examples()).isEmpty();
    }

    @Test
    void takesAnApprovedOrderBack() {
        UUID order = customer.place(Shop.order(customer.sku(), 2, "GB", "tok_ok"));
        customer.awaitEnd(order);

        HttpResponse<String> answer = cancel(order, UUID.randomUUID().toString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        JsonObject view = awaitCancelled(order);
        assertThat(view.getJsonObject("payment").getString("status")).isEqualTo("REFUNDED");
        assertThat(view.getJsonObject("shipment").getString("status")).isEqualTo("CANCELLED");
    }

    @Test
    void turnsAnOrderRoundThatIsUnderWay() {
        // The card network takes two seconds: the saga stands before its pivot.
        UUID order = customer.place(Shop.order(customer.sku(), 2, "GB", "tok_slow"));
        await().atMost(10, SECONDS)
                .until(() -> customer.view(order).getString("status").equals("STOCK_RESERVED"));

        HttpResponse<String> answer = cancel(order, UUID.randomUUID().toString());

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        awaitCancelled(order);
    }

    @Test
    void cancelsOnceWhoeverRepeatsIt() {
        UUID order = customer.place(Shop.order(customer.sku(), 1, "GB", "tok_ok"));
        customer.awaitEnd(order);
        String key = UUID.randomUUID().toString();

        HttpResponse<String> first = cancel(order, key);
        HttpResponse<String> again = cancel(order, key);

        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        awaitCancelled(order);
    }

    @Test
    void refusesToCancelWhatHasEndedOtherwise() {
        UUID order = customer.place(Shop.order(customer.sku(), 1, "GB", "tok_declined"));
        customer.awaitEnd(order);

        HttpResponse<String> answer = cancel(order, UUID.randomUUID().toString());

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("order-ended");
    }

    /** Cancelled at whatever moment: before the pivot, between pivot and approval, after it. */
    @Test
    void endsEveryOrderCancelledWheneverItIsCancelled() {
        List<UUID> orders = IntStream.range(0, 20)
                .mapToObj(i -> {
                    UUID order = customer.place(Shop.order(customer.sku(), 1, "GB", "tok_ok"));
                    Shop.patience(Duration.ofMillis(i * 15L));
                    assertThat(cancel(order, UUID.randomUUID().toString()).statusCode())
                            .isEqualTo(202);
                    return order;
                })
                .toList();

        orders.forEach(this::awaitCancelled);
    }

    private JsonObject awaitCancelled(UUID order) {
        return await().atMost(30, SECONDS)
                .pollInterval(Duration.ofMillis(300))
                .until(
                        () -> customer.view(order),
                        view -> view.getString("status").equals("CANCELLED"));
    }

    private HttpResponse<String> cancel(UUID order, String key) {
        return customer.send(customer.to("/api/v1/orders/" + order + "/cancel")
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    }
}
