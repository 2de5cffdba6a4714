package caravan.gateway.session;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An API client's id and secret in {@code Authorization: Basic}, each form-encoded first (RFC 6749, section 2.3.1). */
record BasicCredentials(String id, String secret) {

    private static final String SCHEME = "basic ";

    static Optional<BasicCredentials> parse(@Nullable String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.empty();
        }
        try {
            byte[] decoded = Base64.getDecoder()
                    .decode(authorization.substring(SCHEME.length()).strip());
            String both = new String(decoded, StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new BasicCredentials(
                            Form.decode(both.substring(0, colon)), Form.decode(both.substring(colon + 1))));
        } catch (IllegalArgumentException | OAuthException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "BasicCredentials[" + id + "]";
    }
}
