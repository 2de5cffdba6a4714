package caravan.order;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class PassingFaultTest {

    /** Nobody has to look, and whoever asks again is served: 503 and not 500. */
    @Test
    void saysWhenToComeAgainWhenTheDatabaseEndsAConnection() {
        given().get(FaultyResource.PATH)
                .then()
                .statusCode(503)
                .header("Retry-After", "1")
                .contentType("application/problem+json")
                .body("code", equalTo("temporary-reduced-capacity"))
                .body("detail", equalTo("try again soon"));
    }
}
