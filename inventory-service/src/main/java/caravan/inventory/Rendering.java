package caravan.inventory;

import caravan.common.cache.Format;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the catalogue as it goes out, with what it can be recognised by. It is kept like this: the bytes that a tag stands for are
 * made once.
 */
@SuppressWarnings("ArrayRecordComponent")
record Rendering(byte[] body, String etag, @Nullable Instant changedAt) {

    static final String MEDIA_TYPE = "application/json;charset=UTF-8";

    /** Eight bytes of time in µs, a byte with the length of the tag, the tag, the body. */
    static final Format<Rendering> FORMAT = new Format<>() {

        private static final long NEVER = Long.MIN_VALUE;
        private static final int HEAD = Long.BYTES + 1;

        @Override
        public byte[] write(Rendering answer) {
            byte[] tag = answer.etag().getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(HEAD + tag.length + answer.body().length)
                    .putLong(answer.changedAt() == null ? NEVER : micros(answer.changedAt()))
                    .put((byte) tag.length)
                    .put(tag)
                    .put(answer.body())
                    .array();
        }

        @Override
        public Rendering read(byte[] bytes) {
            ByteBuffer from = ByteBuffer.wrap(bytes);
            long changedAt = from.getLong();
            byte[] tag = new byte[from.get()];
            from.get(tag);
            byte[] body = new byte[from.remaining()];
            from.get(body);
            return new Rendering(
                    body,
                    new String(tag, StandardCharsets.US_ASCII),
                    changedAt == NEVER ? null : Instant.EPOCH.plus(changedAt, ChronoUnit.MICROS));
        }

        private static long micros(Instant time) {
            return ChronoUnit.MICROS.between(Instant.EPOCH, time);
        }
    };

    static Rendering of(ProductView product, ObjectMapper json) {
        return new Rendering(bytes(product, json), product.etag(), product.changedAt());
    }

    /** With a tag of the bytes themselves. */
    static Rendering of(Object answer, ObjectMapper json) {
        byte[] body = bytes(answer, json);
        return new Rendering(body, "\"" + HexFormat.of().formatHex(sha256(body), 0, 16) + "\"", null);
    }

    private static byte[] bytes(Object answer, ObjectMapper json) {
        try {
            return json.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + answer.getClass(), e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
