package caravan.fleet.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.fleet.OrderBody;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoOpsTest {

    @ParameterizedTest
    @CsvSource({
        "reserve-stock,stock-reserved",
        "release-stock,stock-released",
        "refund-payment,payment-refunded",
        "cancel-shipment,shipment-cancelled",
        "approve-order,order-approved",
        "reject-order,order-rejected",
        "send-confirmation,confirmation-sent"
    })
    void saysThatItIsDone(String command, String reply) {
        assertThat(NoOps.reply(command, new JsonObject()).type()).isEqualTo(reply);
    }

    @Test
    void chargesEveryCardButTheDeclinedOne() {
        JsonObject amount = new JsonObject().put("amountMinor", 1).put("currency", "EUR");
        JsonObject charge = new JsonObject().put("amount", amount).put("cardToken", "tok_ok");

        assertThat(NoOps.reply("charge-payment", charge).body().getJsonObject("amount"))
                .isEqualTo(amount);
        assertThat(NoOps.reply("charge-payment", charge.put("cardToken", "tok_declined"))
                        .type())
                .isEqualTo("card-declined");
    }

    @Test
    void deliversEverywhereButToAntarctica() {
        JsonObject address = new JsonObject().put("country", "GB");
        JsonObject parcel =
                new JsonObject().put("orderId", UUID.randomUUID().toString()).put("address", address);

        assertThat(NoOps.reply("arrange-shipment", parcel).type()).isEqualTo("shipment-arranged");
        address.put("country", "AQ");
        assertThat(NoOps.reply("arrange-shipment", parcel).type()).isEqualTo("address-undeliverable");
    }

    @Test
    void knowsNoOtherCommand() {
        assertThatThrownBy(() -> NoOps.reply("dance", new JsonObject())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void placesAnOrderWithItsTotal() {
        UUID id = UUID.randomUUID();
        JsonArray lines = new JsonArray().add(OrderBody.line("TEA-1", 2)).add(OrderBody.line("CUP-7", 1));

        JsonObject placed = PlacedOrders.placed(id, OrderBody.of(lines, "GB", "tok_ok"), Instant.EPOCH);

        assertThat(placed.getString("orderId")).isEqualTo(id.toString());
        assertThat(placed.getJsonObject("total").getLong("amountMinor")).isEqualTo(3 * 1_999);
        assertThat(placed.getJsonArray("lines")).hasSize(2);
        assertThat(placed.getString("cardToken")).isEqualTo("tok_ok");
    }
}
