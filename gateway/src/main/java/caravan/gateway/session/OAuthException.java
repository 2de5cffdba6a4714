package caravan.gateway.session;

/** Ends an OAuth request with an error of RFC 6749. */
final class OAuthException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final OAuthError error;

    /** @param description for developers; tells no secret */
    OAuthException(OAuthError error, String description) {
        super(description, null, false, false);
        this.error = error;
    }

    OAuthError error() {
        return error;
    }
}
