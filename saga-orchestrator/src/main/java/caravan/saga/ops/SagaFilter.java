package caravan.saga.ops;

import caravan.common.contract.SagaAdvanced;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which sagas. Null: any.
 *
 * @param olderThan began longer ago than this
 */
record SagaFilter(
        SagaAdvanced.@Nullable Phase state,
        @Nullable String type,
        @Nullable String step,
        @Nullable Duration olderThan) {

    static final SagaFilter ALL = new SagaFilter(null, null, null, null);

    /** From texts as they stand in a query; throws a {@link ProblemException} for those that say nothing. */
    static SagaFilter of(
            @Nullable String state, @Nullable String type, @Nullable String step, @Nullable String olderThan) {
        return new SagaFilter(phase(state), type, step, duration(olderThan));
    }

    private static SagaAdvanced.@Nullable Phase phase(@Nullable String text) {
        if (text == null) {
            return null;
        }
        return Arrays.stream(SagaAdvanced.Phase.values())
                .filter(phase -> phase.name().equals(text.toUpperCase(Locale.ROOT)))
                .findAny()
                .orElseThrow(() -> bad("state is one of "
                        + Arrays.stream(SagaAdvanced.Phase.values())
                                .map(Enum::name)
                                .collect(Collectors.joining(", "))));
    }

    private static @Nullable Duration duration(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Duration duration = Duration.parse(text);
            if (!duration.isNegative() && duration.compareTo(Duration.ofDays(3650)) < 0) {
                return duration;
            }
        } catch (DateTimeParseException _) {
            // said below
        }
        throw bad("olderThan is an ISO 8601 duration like PT5M");
    }

    private static ProblemException bad(String detail) {
        return new ProblemException(ProblemType.BAD_REQUEST, detail);
    }
}
