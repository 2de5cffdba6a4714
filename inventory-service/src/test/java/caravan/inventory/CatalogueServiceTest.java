package caravan.inventory;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import caravan.common.contract.Money;
import caravan.common.contract.ProductChanged;
import caravan.common.contract.Topics;
import caravan.common.messaging.Json;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Backends.class)
class CatalogueServiceTest {

    private static final UUID EDITOR = UUID.randomUUID();

    private static final String PRODUCTS = "/api/v1/products";
    private static final String LAMP = """
            {"name": "Lamp", "description": "Brass", "price": {"amountMinor": 1999, "currency": "EUR"}, "tags": ["light"]}""";

    @Inject
    Pool pool;

    private Ledger ledger;
    private final String sku = "LAMP-" + UUID.randomUUID().toString().toUpperCase(Locale.ROOT);

    @BeforeEach
    void open() {
        ledger = new Ledger(pool);
    }

    @AfterEach
    void staysBalanced() {
        assertThat(ledger.imbalances()).isEmpty();
    }

    @Test
    void showsASeededProduct() {
        given().get(PRODUCTS + "/TEA-EARL-GREY")
                .then()
                .statusCode(200)
                .header("Cache-Control", "public, max-age=60, stale-while-revalidate=300")
                .header("ETag", "\"1.500\"")
                .header("Last-Modified", containsString("GMT"))
                .body("sku", equalTo("TEA-EARL-GREY"))
                .body("price.amountMinor", equalTo(690))
                .body("price.currency", equalTo("EUR"))
                .body("tags", hasItem("black-tea"))
                .body("onHand", equalTo(500))
                .body("changedAt", nullValue());
    }

    @Test
    void tellsTheSeedToOthers() {
        try (Wire wire = new Wire(Topics.PRODUCT_EVENTS)) {
            var told = wire.hear(Topics.PRODUCT_EVENTS, "TEA-EARL-GREY", 1).getFirst();

            assertThat(Wire.header(told, "ce_id")).isEqualTo("TEA-EARL-GREY:1");
            assertThat(Wire.header(told, "ce_type")).isEqualTo("product-changed");
            assertThat(Json.read(told.value(), ProductChanged.class).price()).isEqualTo(new Money(690, "EUR"));
        }
    }

    @Test
    void answers304WhileNothingHasChanged() {
        String path = PRODUCTS + "/" + ledger.newProduct(5);
        Response first = given().get(path);

        given().header("If-None-Match", first.header("ETag"))
                .get(path)
                .then()
                .statusCode(304)
                .header("ETag", first.header("ETag"))
                .header("Cache-Control", containsString("max-age=60"));
        given().header("If-Modified-Since", first.header("Last-Modified"))
                .get(path)
                .then()
                .statusCode(304);
        given().header("If-None-Match", "\"0.0\"")
                .header("If-Modified-Since", first.header("Last-Modified"))
                .get(path)
                .then()
                .statusCode(200);
    }

    @Test
    void showsAnotherTagWhenPiecesHaveGone() {
        String product = ledger.newProduct(5);
        String before = given().get(PRODUCTS + "/" + product).header("ETag");

        adjust(product, UUID.randomUUID().toString(), -1).then().statusCode(200);

        given().header("If-None-Match", before)
                .get(PRODUCTS + "/" + product)
                .then()
                .statusCode(200)
                .body("onHand", equalTo(4));
    }

    @Test
    void doesNotKnowEveryProduct() {
        problem(given().get(PRODUCTS + "/NO-SUCH"), 404, "not-found");
        problem(given().get(PRODUCTS + "/no%00such"), 404, "not-found");
    }

    @Test
    void listsPageByPageInTheOrderOfTheSku() {
        List<String> skus = new ArrayList<>();
        String next = PRODUCTS + "?q=tea&limit=4";
        int pages = 0;
        while (next != null) {
            Response page = given().urlEncodingEnabled(false).get(next);
            page.then().statusCode(200);
            skus.addAll(page.jsonPath().getList("items.sku", String.class));
            String link = page.header("Link");
            assertThat(link == null).isEqualTo(page.jsonPath().get("nextCursor") == null);
            next = link == null ? null : link.substring(link.indexOf('<') + 1, link.indexOf('>'));
            pages++;
        }

        assertThat(pages).isGreaterThan(4);
        assertThat(skus).doesNotHaveDuplicates().contains("TEA-ASSAM", "TEAPOT-GLASS", "SOLD-OUT");
        assertThat(skus)
                .isEqualTo(given().get(PRODUCTS + "?q=tea&limit=100").jsonPath().getList("items.sku"));
    }

    @Test
    void answers304ForAnUnchangedList() {
        Response first = given().get(PRODUCTS + "?q=saffron");

        first.then().statusCode(200).body("items", hasSize(1)).header("Last-Modified", containsString("GMT"));
        given().header("If-None-Match", first.header("ETag"))
                .get(PRODUCTS + "?q=saffron")
                .then()
                .statusCode(304);
    }

    @Test
    void takesWildcardsLiterally() {
        given().queryParam("q", "%").get(PRODUCTS).then().statusCode(200).body("items", hasSize(0));
        given().queryParam("q", "_").get(PRODUCTS).then().statusCode(200).body("items", hasSize(0));
        given().queryParam("q", "\\").get(PRODUCTS).then().statusCode(200).body("items", hasSize(0));
    }

    @Test
    void refusesParametersThatCannotBe() {
        for (String query : List.of("limit=0", "limit=101", "limit=x", "cursor=%21", "cursor=QUJD%00", "q=%00")) {
            problem(given().urlEncodingEnabled(false).get(PRODUCTS + "?" + query), 400, "bad-request");
        }
        given().get(PRODUCTS + "?limit=1&unknown=1").then().statusCode(200).body("items", hasSize(1));
    }

    @Test
    void createsAProductAndTellsOthers() {
        put(LAMP)
                .put(PRODUCTS + "/" + sku)
                .then()
                .statusCode(201)
                .header("Location", containsString(PRODUCTS + "/" + sku))
                .header("ETag", "\"1.0\"")
                .body("onHand", equalTo(0))
                .body("version", equalTo(1));

        given().get(PRODUCTS + "/" + sku)
                .then()
                .statusCode(200)
                .header("ETag", "\"1.0\"")
                .body("name", equalTo("Lamp"));
        try (Wire wire = new Wire(Topics.PRODUCT_EVENTS)) {
            var told = wire.hear(Topics.PRODUCT_EVENTS, sku, 1).getFirst();
            assertThat(Wire.header(told, "ce_id")).isEqualTo(sku + ":1");
            assertThat(Json.read(told.value(), ProductChanged.class))
                    .isEqualTo(new ProductChanged(sku, "Lamp", "Brass", new Money(1999, "EUR"), List.of("light"), 1));
        }
    }

    @Test
    void replacesOnlyWhatWasRead() {
        String path = PRODUCTS + "/" + sku;
        String first = put(LAMP).put(path).header("ETag");
        adjust(sku, "k-" + sku, 7).then().statusCode(200);
        String dear = LAMP.replace("1999", "2999");

        problem(put(dear).put(path), 428, "precondition-required");
        // Pieces came in since it was read: that is no other version.
        put(dear)
                .header("If-Match", first)
                .put(path)
                .then()
                .statusCode(200)
                .header("ETag", "\"2.7\"")
                .body("price.amountMinor", equalTo(2999))
                .body("onHand", equalTo(7));
        problem(put(LAMP).header("If-Match", first).put(path), 412, "precondition-failed");
        problem(put(LAMP).header("If-None-Match", "*").put(path), 412, "precondition-failed");

        given().get(path).then().header("ETag", "\"2.7\"").body("price.amountMinor", equalTo(2999));
        try (Wire wire = new Wire(Topics.PRODUCT_EVENTS)) {
            assertThat(wire.hear(Topics.PRODUCT_EVENTS, sku, 2))
                    .extracting(record -> Wire.header(record, "ce_id"))
                    .containsExactly(sku + ":1", sku + ":2");
        }
    }

    @Test
    void tellsEveryWriterWhereTheWriteIs() {
        String path = PRODUCTS + "/" + sku;

        String created =
                put(LAMP).header("Consistency-Token", "orders.1f").put(path).header("Consistency-Token");
        String delivered = adjust(sku, "k-" + sku, 7).header("Consistency-Token");

        assertThat(created).matches("inventory\\.[0-9a-f]+~orders\\.1f");
        assertThat(delivered).matches("inventory\\.[0-9a-f]+");
        problem(given().header("Consistency-Token", "junk").get(path), 400, "bad-request");
    }

    @Test
    void letsOneOfManyConcurrentEditsWin() {
        String path = PRODUCTS + "/" + sku;

        List<Integer> creations = together(8, () -> put(LAMP).put(path).statusCode());
        List<Integer> edits = together(
                8, () -> put(LAMP).header("If-Match", "\"1.0\"").put(path).statusCode());

        assertThat(creations).containsOnlyOnce(201).containsOnly(201, 428);
        assertThat(edits).containsOnlyOnce(200).containsOnly(200, 412);
        given().get(path).then().body("version", equalTo(2));
    }

    @Test
    void refusesAPreconditionOnNothing() {
        problem(put(LAMP).header("If-Match", "\"1.0\"").put(PRODUCTS + "/" + sku), 412, "precondition-failed");
    }

    @Test
    void namesEveryFieldThatIsWrong() {
        Response answer = put("""
                {"name": " ", "price": {"amountMinor": -1, "currency": "XXX"}, "tags": ["ok", ""]}""").put(PRODUCTS + "/" + sku);

        problem(answer, 422, "invalid-request");
        assertThat(answer.jsonPath().getList("errors.pointer", String.class))
                .containsExactlyInAnyOrder("/name", "/price/amountMinor", "/price/currency", "/tags/1");
    }

    @Test
    void refusesBodiesThatDoNotFit() {
        String path = PRODUCTS + "/" + sku;
        pointer(put("{\"name\": \"Lamp\", \"colour\": \"red\"}").put(path), "/colour");
        pointer(
                put("{\"price\": {\"amountMinor\": 1.5, \"currency\": \"EUR\"}}")
                        .put(path),
                "/price/amountMinor");
        pointer(
                put("{\"price\": {\"amountMinor\": \"5\", \"currency\": \"EUR\"}}")
                        .put(path),
                "/price/amountMinor");
        pointer(put("{\"price\": {\"amountMinor\": 1, \"vat\": 1}}").put(path), "/price/vat");
        pointer(put("{\"tags\": \"light\"}").put(path), "/tags");
        problem(put("no json").put(path), 400, "malformed-body");
        problem(put("{\"name\": ").put(path), 400, "malformed-body");
        problem(put("").put(path), 400, "malformed-body");
        problem(as("catalog:write").contentType("text/plain").body("Lamp").put(path), 415, "unsupported-media-type");
        problem(put(LAMP).put(PRODUCTS + "/lamp"), 422, "invalid-request");
        problem(put("[]").put(path), 422, "invalid-request");

        given().get(path).then().statusCode(404);
    }

    @Test
    void putsPiecesInOncePerKey() {
        String product = ledger.newProduct(5);
        String key = UUID.randomUUID().toString();

        adjust(product, key, 3)
                .then()
                .statusCode(200)
                .header("Idempotent-Replayed", nullValue())
                .body("delta", equalTo(3))
                .body("onHand", equalTo(8));
        adjust(product, UUID.randomUUID().toString(), 1).then().body("onHand", equalTo(9));
        adjust(product, key, 3)
                .then()
                .statusCode(200)
                .header("Idempotent-Replayed", "true")
                .body("onHand", equalTo(8));

        problem(adjust(product, key, 4), 422, "idempotency-key-reused");
        problem(adjust("TEA-ASSAM", key, 3), 422, "idempotency-key-reused");
        assertThat(ledger.shelf(product).onHand()).isEqualTo(9);
    }

    @Test
    void letsNobodyEditWithoutTheScope() {
        String product = ledger.newProduct(5);
        String path = PRODUCTS + "/" + product;

        problem(given().contentType("application/json").body("{}").put(path), 401, "unauthenticated");
        problem(given().contentType("application/json").body("{}").post(path + "/stock"), 401, "unauthenticated");
        problem(
                as("orders:write ops")
                        .contentType("application/json")
                        .body("{}")
                        .put(path),
                403,
                "insufficient-scope");
        problem(
                as("orders:write ops")
                        .contentType("application/json")
                        .body("{}")
                        .post(path + "/stock"),
                403,
                "insufficient-scope");

        assertThat(ledger.shelf(product).onHand()).isEqualTo(5);
    }

    @Test
    void countsConcurrentRequestsWithOneKeyOnce() {
        String product = ledger.newProduct(5);
        String key = UUID.randomUUID().toString();

        List<Integer> answers =
                together(8, () -> adjust(product, key, 3).jsonPath().getInt("onHand"));

        assertThat(answers).hasSize(8).containsOnly(8);
        assertThat(ledger.shelf(product).onHand()).isEqualTo(8);
    }

    @Test
    void doesNotTakeWhatIsReserved() {
        String product = ledger.newProduct(5);
        ledger.execute("""
                with r as (insert into stock_reservations values (gen_random_uuid(), $1, 3, now(), null))
                update stock set on_hand = 2, reserved = 3 where sku = $1""", Tuple.of(product));
        String key = UUID.randomUUID().toString();

        problem(adjust(product, key, -3), 409, "stock-reserved");
        adjust(product, UUID.randomUUID().toString(), 1).then().statusCode(200);
        // A refusal is an answer like any other: the key keeps it.
        Response again = adjust(product, key, -3);

        problem(again, 409, "stock-reserved");
        assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(ledger.shelf(product).onHand()).isEqualTo(3);
    }

    @Test
    void refusesAdjustmentsThatDoNotFit() {
        String product = ledger.newProduct(5);
        String path = PRODUCTS + "/" + product + "/stock";

        problem(put("{\"delta\": 1}").post(path), 400, "idempotency-key-missing");
        problem(adjust(product, "with blank", 1), 400, "idempotency-key-invalid");
        problem(adjust(product, "x".repeat(256), 1), 400, "idempotency-key-invalid");
        problem(adjust("NO-SUCH", "k", 1), 404, "not-found");
        pointer(adjust(product, "k", 0), "/delta");
        pointer(adjust(product, "k", 1_000_000_000), "/delta");
        pointer(put("{}").header("Idempotency-Key", "k").post(path), "/delta");
        pointer(put("{\"delta\": 1.5}").header("Idempotency-Key", "k").post(path), "/delta");
        pointer(put("{\"delta\": 99999999999}").header("Idempotency-Key", "k").post(path), "/delta");
        pointer(put("{\"delta\": 1, \"why\": 2}").header("Idempotency-Key", "k").post(path), "/why");

        assertThat(ledger.shelf(product).onHand()).isEqualTo(5);
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        String path = PRODUCTS + "/" + sku;

        assertThat(put("\"" + "x".repeat(1_000_000) + "\"").put(path).statusCode())
                .isEqualTo(413);

        given().get(path).then().statusCode(404);
    }

    private static RequestSpecification put(String body) {
        return as("catalog:write").contentType("application/json").body(body);
    }

    private static RequestSpecification as(String scopes) {
        return given().header("Authorization", "Bearer " + Backends.token(EDITOR, scopes));
    }

    private static Response adjust(String product, String key, int delta) {
        return put("{\"delta\": " + delta + "}")
                .header("Idempotency-Key", key)
                .post(PRODUCTS + "/" + product + "/stock");
    }

    private static void problem(Response answer, int status, String code) {
        answer.then()
                .statusCode(status)
                .contentType(startsWith("application/problem+json"))
                .body("type", equalTo("/problems/" + code))
                .body("status", equalTo(status))
                .body("code", equalTo(code));
    }

    private static void pointer(Response answer, String pointer) {
        problem(answer, 422, "invalid-request");
        assertThat(answer.jsonPath().getList("errors.pointer", String.class)).contains(pointer);
    }

    private static <T> List<T> together(int times, java.util.function.Supplier<T> call) {
        List<CompletableFuture<T>> calls = IntStream.range(0, times)
                .mapToObj(_ -> CompletableFuture.supplyAsync(call))
                .toList();
        return calls.stream().map(CompletableFuture::join).toList();
    }
}
