package caravan.order;

import caravan.common.http.Problem.FieldError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /orders/{id}/cancel}; there may be none. */
final class CancelForm {

    sealed interface Outcome {}

    record Valid(@Nullable String reason) implements Outcome {}

    record Invalid(List<FieldError> errors) implements Outcome {}

    private static final int LONGEST = 200;
    private static final String REASON = "/reason";

    private CancelForm() {}

    static Outcome read(byte @Nullable [] body) throws JsonProcessingException {
        return body == null || body.length == 0 ? new Valid(null) : read(StrictJson.read(body));
    }

    private static Outcome read(JsonNode body) {
        if (!body.isObject()) {
            return new Invalid(List.of(new FieldError("", "must be an object")));
        }
        List<FieldError> errors = new ArrayList<>();
        body.fieldNames().forEachRemaining(name -> {
            if (!name.equals("reason")) {
                errors.add(new FieldError("/" + name.replace("~", "~0").replace("/", "~1"), "unknown field"));
            }
        });
        JsonNode reason = body.path("reason");
        String trouble = trouble(reason);
        if (trouble != null) {
            errors.add(new FieldError(REASON, trouble));
        }
        return errors.isEmpty() ? new Valid(reason.isTextual() ? reason.textValue() : null) : new Invalid(errors);
    }

    private static @Nullable String trouble(JsonNode reason) {
        return reason.isMissingNode() || reason.isNull() ? null : OrderForm.trouble(reason, LONGEST);
    }
}
