package caravan.saga.ops;

import caravan.common.http.Problem.FieldError;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.saga.engine.Verb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of an order to a saga; there may be none. Unknown fields are refused by the reader.
 *
 * @param step where the operator saw the saga
 */
record OrderForm(@Nullable String reason, @Nullable String step) {

    static final OrderForm EMPTY = new OrderForm(null, null);

    /** Throws a {@link ProblemException} for what is no verb. */
    static Verb verb(String text) {
        return Arrays.stream(Verb.values())
                .filter(verb -> verb.name().toLowerCase(Locale.ROOT).equals(text))
                .findAny()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.NOT_FOUND, "the verbs are retry, compensate, skip and resume"));
    }

    /** What the verb asks for is there; throws a {@link ProblemException} otherwise. */
    OrderForm checked(Verb verb) {
        List<FieldError> errors = new ArrayList<>();
        if (verb == Verb.SKIP) {
            missing("/reason", reason).ifPresent(errors::add);
            missing("/step", step).ifPresent(errors::add);
        }
        if (reason != null && reason.length() > Limits.LONGEST_REASON) {
            errors.add(new FieldError("/reason", "must have at most " + Limits.LONGEST_REASON + " characters"));
        }
        if (!errors.isEmpty()) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "the request has invalid fields", errors);
        }
        return this;
    }

    private static Optional<FieldError> missing(String pointer, @Nullable String text) {
        return text == null || text.isBlank()
                ? Optional.of(new FieldError(pointer, "is required: a skipped undo is yours to answer for"))
                : Optional.empty();
    }
}
