package caravan.gateway.session;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The form of an OAuth request: no parameter twice, and an empty one counts as left out (RFC 6749, section 3.2). */
final class Form {

    static final String MEDIA_TYPE = "application/x-www-form-urlencoded";

    private final Map<String, String> parameters;

    private Form(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /** Throws {@link OAuthException}. */
    static Form parse(String body) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (!pair.isEmpty() && parameters.put(name, value) != null) {
                throw new OAuthException(OAuthError.INVALID_REQUEST, "a parameter comes twice");
            }
        }
        return new Form(parameters);
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
    }

    /** Throws {@link OAuthException} when there is none. */
    String require(String name) {
        return get(name).orElseThrow(() -> new OAuthException(OAuthError.INVALID_REQUEST, name + " is required"));
    }

    static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new OAuthException(OAuthError.INVALID_REQUEST, "the form is not well encoded");
        }
    }
}
