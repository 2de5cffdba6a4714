package caravan.common.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem body (RFC 9457) with the fleet's extension members.
 *
 * @param type {@code /problems/<slug>}
 * @param instance the path that was asked for
 * @param code the slug again, for programs
 * @param errors what is wrong where, as JSON pointers (RFC 6901) into the body
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        String code,
        @Nullable String requestId,
        @Nullable String traceId,
        @JsonInclude boolean retryable,
        List<FieldError> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /** A field that is wrong; {@code pointer} is empty for the whole body. */
    public record FieldError(@JsonInclude String pointer, String message) {}

    public static Problem of(
            ProblemType type,
            @Nullable String detail,
            @Nullable String instance,
            @Nullable String requestId,
            @Nullable String traceId,
            List<FieldError> errors) {
        return new Problem(
                "/problems/" + type.slug(),
                type.title(),
                type.status(),
                detail,
                instance,
                type.slug(),
                requestId,
                traceId,
                type.retryable(),
                errors);
    }
}
