package caravan.order;

import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.common.messaging.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** The header Idempotency-Key, and what tells two requests under one key apart. */
final class IdempotencyKey {

    private static final Pattern VISIBLE_ASCII = Pattern.compile("[!-~]{1,255}");

    private IdempotencyKey() {}

    /** Throws a {@link ProblemException} unless there is exactly one, and a good one. */
    static String of(List<String> headers) {
        if (headers.isEmpty()) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_MISSING, "this request is made under a key of the client's making");
        }
        if (headers.size() > 1 || !VISIBLE_ASCII.matcher(headers.getFirst()).matches()) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_INVALID, "one header with 1 to 255 visible ASCII characters is needed");
        }
        return headers.getFirst();
    }

    /** SHA-256 of what the request says: white space and the order of fields make no other request. */
    static String hash(Record request) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Json.bytes(request)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
