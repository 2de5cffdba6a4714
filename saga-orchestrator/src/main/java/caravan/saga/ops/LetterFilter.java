package caravan.saga.ops;

import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters. Null: any.
 *
 * @param cause a part of it
 */
record LetterFilter(
        @Nullable LetterState state,
        @Nullable String topic,
        @Nullable String cause) {

    /** From texts as they stand in a query; throws a {@link ProblemException} for a state that there is not. */
    static LetterFilter of(@Nullable String state, @Nullable String topic, @Nullable String cause) {
        return new LetterFilter(state == null ? null : state(state), topic, cause);
    }

    private static LetterState state(String text) {
        return Arrays.stream(LetterState.values())
                .filter(state -> state.name().equals(text.toUpperCase(Locale.ROOT)))
                .findAny()
                .orElseThrow(() -> new ProblemException(
                        ProblemType.BAD_REQUEST, "state is one of " + Arrays.toString(LetterState.values())));
    }
}
