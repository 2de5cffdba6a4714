package caravan.gateway;

import static io.restassured.RestAssured.given;

import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Who asks in a test of the gateway: the accounts that {@link Upstreams} configures, logged in. */
enum Somebody {
    CUSTOMER,
    OPERATOR;

    static final String PASSWORD = "a password for tests";

    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();

    String email() {
        return name().toLowerCase(java.util.Locale.ROOT) + "@gateway.example";
    }

    /** Of the gateway that runs now: another port is another gateway. */
    String bearer() {
        return TOKENS.computeIfAbsent(RestAssured.port + name(), _ -> "Bearer " + login());
    }

    /** Who may use the path. */
    static Somebody forPath(String path) {
        return path.startsWith("/api/v1/ops") ? OPERATOR : CUSTOMER;
    }

    /** Every request of RestAssured from now on is this one's. */
    void asks() {
        // The builder starts with what is set.
        nobodyAsks();
        String bearer = bearer();
        RestAssured.requestSpecification =
                new RequestSpecBuilder().addHeader("Authorization", bearer).build();
    }

    static void nobodyAsks() {
        RestAssured.requestSpecification = null;
    }

    private String login() {
        return given().contentType("application/json")
                .body(Map.of("email", email(), "password", PASSWORD))
                .post("/auth/login")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }
}
