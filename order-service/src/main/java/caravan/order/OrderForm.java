package caravan.order;

import caravan.common.contract.Address;
import caravan.common.contract.Line;
import caravan.common.http.Problem.FieldError;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /orders} and says everything that is wrong with it at once. */
final class OrderForm {

    sealed interface Outcome {}

    record Valid(OrderRequest request) implements Outcome {}

    record Invalid(List<FieldError> errors) implements Outcome {}

    static final int MOST_LINES = 100;
    static final int MOST_PIECES = 1000;

    private static final int MOST_ERRORS = 100;
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    private final List<FieldError> errors = new ArrayList<>();

    private OrderForm() {}

    static Outcome read(JsonNode body) {
        OrderForm form = new OrderForm();
        OrderRequest request = form.order(body);
        return form.errors.isEmpty()
                ? new Valid(request)
                : new Invalid(form.errors.stream().limit(MOST_ERRORS).toList());
    }

    private OrderRequest order(JsonNode body) {
        fields("", body, Set.of("items", "shippingAddress", "paymentMethod"));
        List<Line> items = items(body.path("items"));
        Address address = address("/shippingAddress", body.path("shippingAddress"));
        JsonNode payment = body.path("paymentMethod");
        fields("/paymentMethod", payment, Set.of("cardToken"));
        return new OrderRequest(items, address, text("/paymentMethod", payment, "cardToken", 255));
    }

    private List<Line> items(JsonNode items) {
        if (!items.isArray()) {
            wrong("/items", items.isMissingNode() ? "is required" : "must be an array");
            return List.of();
        }
        if (items.isEmpty() || items.size() > MOST_LINES) {
            wrong("/items", "must have 1 to " + MOST_LINES + " lines");
            return List.of();
        }
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            lines.add(line("/items/" + i, items.get(i)));
        }
        return lines;
    }

    private Line line(String at, JsonNode line) {
        fields(at, line, Set.of("sku", "quantity"));
        return new Line(text(at, line, "sku", 64), quantity(at + "/quantity", line.path("quantity")));
    }

    private int quantity(String at, JsonNode value) {
        boolean fits = value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= 1
                && value.intValue() <= MOST_PIECES;
        if (!fits) {
            wrong(at, value.isMissingNode() ? "is required" : "must be a whole number from 1 to " + MOST_PIECES);
        }
        return value.intValue();
    }

    private Address address(String at, JsonNode address) {
        fields(at, address, Set.of("name", "line1", "line2", "city", "postalCode", "country"));
        String country = text(at, address, "country", 2);
        if (!country.isEmpty() && !COUNTRIES.contains(country)) {
            wrong(at + "/country", "is no ISO 3166-1 alpha-2 code");
        }
        return new Address(
                text(at, address, "name", 200),
                text(at, address, "line1", 200),
                optionalText(at, address, "line2", 200),
                text(at, address, "city", 100),
                text(at, address, "postalCode", 20),
                country);
    }

    private @Nullable String optionalText(String at, JsonNode parent, String field, int longest) {
        JsonNode value = parent.path(field);
        return value.isMissingNode() || value.isNull() ? null : text(at, parent, field, longest);
    }

    /** Empty after an error. */
    private String text(String at, JsonNode parent, String field, int longest) {
        JsonNode value = parent.path(field);
        String trouble = parent.isObject() ? trouble(value, longest) : null;
        if (trouble != null) {
            wrong(at + "/" + field, trouble);
        }
        return trouble == null && value.isTextual() ? value.textValue() : "";
    }

    static @Nullable String trouble(JsonNode value, int longest) {
        if (!value.isTextual()) {
            return value.isMissingNode() ? "is required" : "must be a string";
        }
        String text = value.textValue();
        if (text.isBlank()) {
            return "must not be blank";
        }
        if (text.length() > longest) {
            return "must not be longer than " + longest + " characters";
        }
        // A NUL or half a surrogate pair is JSON, but no text for PostgreSQL.
        return text.codePoints().anyMatch(OrderForm::isUnprintable) ? "must not contain control characters" : null;
    }

    private static boolean isUnprintable(int codePoint) {
        return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
    }

    private void fields(String at, JsonNode object, Set<String> known) {
        if (!object.isObject()) {
            wrong(at, object.isMissingNode() ? "is required" : "must be an object");
            return;
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                wrong(at + "/" + name.replace("~", "~0").replace("/", "~1"), "unknown field");
            }
        });
    }

    private void wrong(String pointer, String message) {
        errors.add(new FieldError(pointer, message));
    }
}
