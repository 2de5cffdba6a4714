package caravan.common.auth;

/** The token is not to be trusted: 401 (RFC 6750). */
public final class TokenException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String detail;

    public TokenException(String detail) {
        super(detail, null, false, false);
        this.detail = detail;
    }

    /** May be shown to whoever sent the token: it tells nothing about keys. */
    public String detail() {
        return detail;
    }
}
