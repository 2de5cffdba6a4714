package caravan.fleet.bench.gateway;

import caravan.fleet.Credentials;
import caravan.fleet.FleetException;
import caravan.fleet.bench.Progress;
import caravan.fleet.bench.Target;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Real pieces, delivered by the operator: nothing that is ordered in a run shall be sold out. */
public final class Shelves {

    private static final int ENOUGH_PIECES = 500_000;
    private static final int DELIVERY = 1_000_000;
    private static final String SOLD_OUT = "SOLD-OUT";

    private final Target target;
    private final Door door;
    private final Progress progress;

    public Shelves(Target target, Door door, Progress progress) {
        this.target = target;
        this.door = door;
        this.progress = progress;
    }

    /** Delivers what is low, as the operator; gives what can be ordered. */
    public List<String> stockUp(Credentials.Login operator) {
        JsonObject body = new JsonObject().put("email", operator.email()).put("password", operator.password());
        String token = Door.ok(door.json("/auth/login", "198.18.255.1", body)).getString("access_token");
        JsonArray products =
                Door.ok(door.get("/api/v1/products?limit=100", token)).getJsonArray("items");
        List<String> skus = products.stream()
                .map(product -> ((JsonObject) product).getString("sku"))
                .filter(sku -> !sku.equals(SOLD_OUT))
                .toList();
        List<String> low = low();
        if (!low.isEmpty()) {
            progress.say("%d products get %,d pieces each".formatted(low.size(), DELIVERY));
        }
        low.forEach(sku -> Door.ok(
                door.post("/api/v1/products/" + sku + "/stock", token, new JsonObject().put("delta", DELIVERY))));
        return skus;
    }

    private List<String> low() {
        try (Connection connection = target.connect("inventory");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select sku from stock where on_hand < " + ENOUGH_PIECES
                        + " and sku <> '" + SOLD_OUT + "' order by sku")) {
            List<String> low = new ArrayList<>();
            while (row.next()) {
                low.add(row.getString(1));
            }
            return low;
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private static FleetException unreadable(SQLException e) {
        return new FleetException(
                "The databases cannot be read (" + e.getMessage() + "). Is the fleet up? './caravan status' tells.", e);
    }
}
