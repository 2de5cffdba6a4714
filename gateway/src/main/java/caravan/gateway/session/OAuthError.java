package caravan.gateway.session;

import java.util.Locale;

/** RFC 6749, section 5.2, and its word for being away (section 4.1.2.1). */
enum OAuthError {
    INVALID_REQUEST(400),
    INVALID_CLIENT(401),
    INVALID_GRANT(400),
    INVALID_SCOPE(400),
    UNSUPPORTED_GRANT_TYPE(400),
    TEMPORARILY_UNAVAILABLE(503);

    private final int status;

    OAuthError(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
