package caravan.order;

import caravan.common.http.Problem.FieldError;
import caravan.common.http.ProblemType;
import java.util.List;

/** What becomes of a draft. */
sealed interface Verdict {

    /** The order is stored. */
    record Accepted(Receipt receipt) implements Verdict {}

    record Replayed(Receipt receipt) implements Verdict {}

    /** The key stands for another request. */
    record KeyReused() implements Verdict {}

    /** Nothing was stored. */
    record Refused(ProblemType type, List<FieldError> errors) implements Verdict {}
}
