package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.common.contract.Line;
import caravan.common.http.Problem.FieldError;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderFormTest {

    private static final String GOOD = """
            {"items": [{"sku": "TEA-1", "quantity": 2}],
             "shippingAddress": {"name": "Ada", "line1": "1 Street", "city": "Town", "postalCode": "12345", "country": "AQ"},
             "paymentMethod": {"cardToken": "tok_ok"}}""";

    @Test
    void readsAGoodOrder() throws JsonProcessingException {
        OrderForm.Outcome outcome = read(GOOD);

        assertThat(outcome).isInstanceOfSatisfying(OrderForm.Valid.class, valid -> {
            assertThat(valid.request().items()).containsExactly(new Line("TEA-1", 2));
            assertThat(valid.request().shippingAddress().country()).isEqualTo("AQ");
            assertThat(valid.request().shippingAddress().line2()).isNull();
            assertThat(valid.request().cardToken()).isEqualTo("tok_ok");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "\"quantity\": 2|\"quantity\": 0|/items/0/quantity",
                "\"quantity\": 2|\"quantity\": 1001|/items/0/quantity",
                "\"quantity\": 2|\"quantity\": 1000000000|/items/0/quantity",
                "\"quantity\": 2|\"quantity\": 99999999999999999999|/items/0/quantity",
                "\"quantity\": 2|\"quantity\": 1.5|/items/0/quantity",
                "\"quantity\": 2|\"quantity\": 1e400|/items/0/quantity",
                "\"quantity\": 2|\"quantity\": \"2\"|/items/0/quantity",
                "\"quantity\": 2|\"quantity\": null|/items/0/quantity",
                "\"quantity\": 2|\"quantity\": 2, \"price\": 1|/items/0/price",
                "\"quantity\": 2|\"quantity\": 2, \"a/b~c\": 1|/items/0/a~1b~0c",
                "\"sku\": \"TEA-1\", ||/items/0/sku",
                "\"TEA-1\"|\" \"|/items/0/sku",
                "\"AQ\"|\"XX\"|/shippingAddress/country",
                "\"AQ\"|\"aq\"|/shippingAddress/country",
                "\"AQ\"|\"GERMANY\"|/shippingAddress/country",
                "\"Ada\"|7|/shippingAddress/name",
                "\"Ada\"|\"A\\u0000\"|/shippingAddress/name",
                "\"Ada\"|\"A\\ud800\"|/shippingAddress/name",
                "\"tok_ok\"|\"\"|/paymentMethod/cardToken",
                "\"cardToken\": \"tok_ok\"||/paymentMethod/cardToken",
                "{\"cardToken\": \"tok_ok\"}|[]|/paymentMethod",
                "[{\"sku\": \"TEA-1\", \"quantity\": 2}]|[]|/items",
                "[{\"sku\": \"TEA-1\", \"quantity\": 2}]|[3]|/items/0",
                "[{\"sku\": \"TEA-1\", \"quantity\": 2}]|{}|/items"
            })
    void pointsAtWhatIsWrong(String good, String bad, String pointer) throws JsonProcessingException {
        OrderForm.Outcome outcome = read(GOOD.replace(good, bad == null ? "" : bad));

        assertThat(pointers(outcome)).contains(pointer);
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() throws JsonProcessingException {
        OrderForm.Outcome outcome =
                read("{\"colour\": \"red\", \"items\": [{\"sku\": \"A\"}], \"shippingAddress\": null}");

        assertThat(pointers(outcome))
                .containsExactly("/colour", "/items/0/quantity", "/shippingAddress", "/paymentMethod");
    }

    @Test
    void refusesABodyThatIsNoObject() throws JsonProcessingException {
        assertThat(pointers(read("[]"))).contains("");
    }

    @Test
    void refusesMoreThanAHundredLines() throws JsonProcessingException {
        String line = "{\"sku\": \"TEA-1\", \"quantity\": 2}";
        String hundred = String.join(",", java.util.Collections.nCopies(100, line));

        assertThat(read(GOOD.replace(line, hundred))).isInstanceOf(OrderForm.Valid.class);
        assertThat(pointers(read(GOOD.replace(line, hundred + "," + line)))).containsExactly("/items");
    }

    @Test
    void refusesFieldsThatAreTooLong() throws JsonProcessingException {
        assertThat(pointers(read(GOOD.replace("12345", "1".repeat(21)))))
                .containsExactly("/shippingAddress/postalCode");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "{", "{]", "hello", "{\"a\": 1, \"a\": 2}", "{} {}", "{\"a\": 01}"})
    void takesNothingButOneJsonValue(String body) {
        assertThatThrownBy(() -> read(body)).isInstanceOf(JsonParseException.class);
    }

    @Test
    void doesNotFollowEndlessNesting() {
        assertThatThrownBy(() -> read("[".repeat(100_000))).isInstanceOf(JsonParseException.class);
    }

    private static OrderForm.Outcome read(String body) throws JsonProcessingException {
        return OrderForm.read(StrictJson.read(body.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> pointers(OrderForm.Outcome outcome) {
        return switch (outcome) {
            case OrderForm.Valid _ -> List.of();
            case OrderForm.Invalid(List<FieldError> errors) ->
                errors.stream().map(FieldError::pointer).toList();
        };
    }
}
