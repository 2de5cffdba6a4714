package caravan.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.testing.Backends;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code caravan.gateway.cache.enabled=false}: every request goes to its service. */
@QuarkusTest
@WithTestResource(Backends.class)
@WithTestResource(
        value = Upstreams.class,
        initArgs = {@ResourceArg(name = "inventory", value = "scripted")})
@TestProfile(CacheOffTest.Off.class)
class CacheOffTest {

    public static class Off implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("caravan.gateway.cache.enabled", "false");
        }
    }

    @Test
    void asksTheServiceEachTime() {
        Inventory product = new Inventory("/api/v1/products/TEA").says("tea", "ETag", "\"1\"");
        given().get(product.path());

        Response second = given().header("If-None-Match", "\"1\"").get(product.path());

        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.header("Cache-Status")).isNull();
        assertThat(second.header("Age")).isNull();
        assertThat(product.asked()).hasSize(2);
    }
}
