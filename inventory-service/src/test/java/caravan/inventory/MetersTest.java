package caravan.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.common.contract.Topics;
import caravan.fleet.testing.Backends;
import caravan.fleet.testing.Meters;
import caravan.fleet.testing.Strangers;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class MetersTest {

    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final List<String> TEMPLATES = List.of(
            "/api/v1/products",
            "/api/v1/products/{sku}",
            "/api/v1/products/top",
            "/api/v1/products/{sku}/stock/adjustments");
    private static final int TIMES = 16;

    @Test
    void whatStrangersMakeUpAddsNoSeries() {
        bother(new Strangers(1));
        Meters before = Meters.here();

        bother(new Strangers(2));

        assertThat(Meters.here().since(before)).isEmpty();
        assertThat(Meters.here().foreignLabels()).isEmpty();
    }

    private static void bother(Strangers strangers) {
        double dead = dead();
        strangers.ask("http://localhost:" + RestAssured.port, TEMPLATES, TIMES);
        strangers.send(Backends.addresses().kafka(), Topics.INVENTORY_COMMANDS, TIMES);
        await().atMost(BOUND).until(() -> dead() >= dead + TIMES);
    }

    private static double dead() {
        return Meters.here().sum("messages_total", "topic=\"" + Topics.INVENTORY_COMMANDS + "\"", "outcome=\"dead\"");
    }
}
