package caravan.common.http;

import java.util.Locale;

/**
 * The problem catalogue: every {@code type} that the fleet answers with, served under {@code /problems/<slug>}.
 * {@code retryable}: the same request may succeed later.
 */
public enum ProblemType {
    MALFORMED_BODY(400, "The body is no valid JSON", false),
    BAD_REQUEST(400, "The request cannot be understood", false),
    IDEMPOTENCY_KEY_MISSING(400, "The Idempotency-Key header is missing", false),
    IDEMPOTENCY_KEY_INVALID(400, "The Idempotency-Key is not 1 to 255 visible ASCII characters", false),
    UNAUTHENTICATED(401, "A valid access token is needed", false),
    INVALID_CREDENTIALS(401, "The credentials are not right", false),
    INSUFFICIENT_SCOPE(403, "The access token does not allow this", false),
    NOT_FOUND(404, "There is no such thing", false),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here", false),
    NOT_ACCEPTABLE(406, "None of the accepted media types can be given", false),
    REQUEST_IN_PROGRESS(409, "A request with this Idempotency-Key is still running", true),
    CONFLICT(409, "The state does not allow this", false),
    ACCOUNT_EXISTS(409, "There is an account with this address", false),
    ORDER_ENDED(409, "The order has ended", false),
    ALREADY_DISPATCHED(409, "The parcel has left", false),
    STOCK_RESERVED(409, "Stock cannot go below what is reserved", false),
    PRECONDITION_FAILED(412, "The thing has changed since it was read", false),
    BODY_TOO_LARGE(413, "The body is too large", false),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported", false),
    INVALID_REQUEST(422, "The request has invalid fields", false),
    UNKNOWN_SKU(422, "A product does not exist", false),
    IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key was used for another request", false),
    PRECONDITION_REQUIRED(428, "If-Match is required", false),
    QUOTA_EXCEEDED(429, "Too many requests", true),
    HEADERS_TOO_LARGE(431, "The headers are too large", false),
    INTERNAL_ERROR(500, "Something went wrong here", true),
    BAD_GATEWAY(502, "A service behind the gateway gave no valid answer", true),
    TEMPORARY_REDUCED_CAPACITY(503, "Too busy at the moment", true),
    GATEWAY_TIMEOUT(504, "A service behind the gateway took too long", true);

    private final int status;
    private final String title;
    private final boolean retryable;

    ProblemType(int status, String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public boolean retryable() {
        return retryable;
    }

    /** Also the {@code code} of the body. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
