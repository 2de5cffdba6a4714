package caravan.order;

import caravan.fleet.testing.Backends;
import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import java.util.UUID;

/** Whoever asks in a test. */
record Customer(UUID id, String scopes) {

    static final Customer ADA = new Customer(UUID.randomUUID(), "orders:read orders:write");

    static Customer stranger() {
        return new Customer(UUID.randomUUID(), ADA.scopes);
    }

    Customer with(String otherScopes) {
        return new Customer(id, otherScopes);
    }

    String bearer() {
        return "Bearer " + Backends.token(id, scopes);
    }

    /** Every request from now on is this customer's. */
    void asks() {
        // The builder starts with what is set.
        nobodyAsks();
        RestAssured.requestSpecification =
                new RequestSpecBuilder().addHeader("Authorization", bearer()).build();
    }

    static void nobodyAsks() {
        RestAssured.requestSpecification = null;
    }
}
