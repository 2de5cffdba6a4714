package caravan.fleet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** An order as the public contract has it, of somebody who lives at one address in whatever country. */
public final class OrderBody {
    private OrderBody() {}

    /** One line of an order. */
    public static JsonObject line(String sku, int quantity) {
        return new JsonObject().put("sku", sku).put("quantity", quantity);
    }

    /** The body of {@code POST /api/v1/orders}. */
    public static JsonObject of(JsonArray lines, String country, String cardToken) {
        return new JsonObject()
                .put("items", lines)
                .put(
                        "shippingAddress",
                        new JsonObject()
                                .put("name", "Ada Lovelace")
                                .put("line1", "1 Analytical Way")
                                .put("city", "London")
                                .put("postalCode", "N1")
                                .put("country", country))
                .put("paymentMethod", new JsonObject().put("cardToken", cardToken));
    }
}
