package caravan.gateway.session.account;

import caravan.common.http.Problem.FieldError;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What somebody sent to get an account; anything may be missing or wrong. */
public record Registration(
        @Nullable String email,
        @Nullable String password,
        @Nullable String name) {

    private static final int LONGEST_NAME = 200;

    /** Good to be stored. */
    public record Checked(String email, String password, String name) {

        @Override
        public String toString() {
            return "Checked[" + email + "]";
        }
    }

    /** Throws a problem that names every field that is wrong. */
    public Checked check() {
        List<FieldError> errors = new ArrayList<>();
        if (email == null || !EmailAddress.isValid(email)) {
            errors.add(new FieldError("/email", "must be an email address of at most 254 ASCII characters"));
        }
        if (password == null) {
            errors.add(new FieldError("/password", "is required"));
        } else {
            PasswordRules.objection(password, Objects.requireNonNullElse(email, ""))
                    .ifPresent(objection -> errors.add(new FieldError("/password", objection)));
        }
        if (name == null || !isName(name)) {
            errors.add(new FieldError("/name", "must be 1 to " + LONGEST_NAME + " characters, no control characters"));
        }
        if (!errors.isEmpty()) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "this is no registration", errors);
        }
        return new Checked(
                Objects.requireNonNull(email),
                Objects.requireNonNull(password),
                Objects.requireNonNull(name).strip());
    }

    private static boolean isName(String name) {
        return !name.isBlank()
                && name.codePointCount(0, name.length()) <= LONGEST_NAME
                && name.codePoints().noneMatch(Registration::isControl);
    }

    private static boolean isControl(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return "Registration[" + email + "]";
    }
}
