package caravan.common.auth;

/** The token is not to be trusted: 401 (RFC 6750). {@code getMessage} may be shown; it tells nothing about keys. */
public final class TokenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TokenException(String detail) {
        super(detail, null, false, false);
    }
}
