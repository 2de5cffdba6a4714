package caravan.gateway.session;

import caravan.common.http.Problem.FieldError;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What somebody sent to log in. */
record Login(@Nullable String email, @Nullable String password) {

    /** Whether it can be tried at all; not whether it is good. */
    void check() {
        List<FieldError> errors = new ArrayList<>();
        if (email == null || email.indexOf('\0') >= 0) {
            errors.add(new FieldError("/email", "is required"));
        }
        if (password == null) {
            errors.add(new FieldError("/password", "is required"));
        }
        if (!errors.isEmpty()) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "this is no login", errors);
        }
    }

    @Override
    public String toString() {
        return "Login[" + email + "]";
    }
}
