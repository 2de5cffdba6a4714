package caravan.fleet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MixTest {

    private static final int ORDERS = 20_000;
    private static final List<String> SKUS =
            IntStream.range(0, 50).mapToObj(i -> "SKU-" + i).toList();

    private final Mix mix = new Mix(SKUS, 1);

    private final List<JsonObject> orders =
            IntStream.range(0, ORDERS).mapToObj(_ -> mix.next()).toList();

    @Test
    void declinesThreeInAHundredAndCannotDeliverOne() {
        long declined = orders.stream()
                .filter(order -> order.getJsonObject("paymentMethod")
                        .getString("cardToken")
                        .equals("tok_declined"))
                .count();
        long undeliverable = orders.stream()
                .filter(order -> order.getJsonObject("shippingAddress")
                        .getString("country")
                        .equals("AQ"))
                .count();

        assertThat((double) declined / ORDERS).isCloseTo(Mix.DECLINED, within(0.005));
        assertThat((double) undeliverable / ORDERS).isCloseTo(Mix.UNDELIVERABLE, within(0.003));
    }

    @Test
    void ordersOneToFiveDifferentProductsHotOnesMost() {
        assertThat(orders)
                .extracting(order -> order.getJsonArray("items").size())
                .containsOnly(1, 2, 3, 4, 5);
        assertThat(orders)
                .allSatisfy(order -> assertThat(
                                order.getJsonArray("items").stream().map(item -> ((JsonObject) item).getString("sku")))
                        .doesNotHaveDuplicates());
        assertThat(with("SKU-0")).isGreaterThan(5 * with("SKU-49"));
    }

    @Test
    void arrivesAtTheRateOnAverage() {
        double seconds = LongStream.range(0, ORDERS).map(_ -> mix.gapNanos(100)).sum() / 1e9;

        assertThat(ORDERS / seconds).isCloseTo(100, within(3.0));
    }

    private long with(String sku) {
        return orders.stream()
                .filter(order -> order.getJsonArray("items").stream()
                        .anyMatch(item -> ((JsonObject) item).getString("sku").equals(sku)))
                .count();
    }
}
