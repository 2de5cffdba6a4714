package caravan.order;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where a list goes on, as an opaque text: position and HMAC-SHA256 (cut to 128 bits) over it and the list it belongs to. A
 * client cannot make one up, nor take one from another list.
 */
final class Cursor {

    /** Before the position come newer orders. */
    record Position(Instant createdAt, UUID id) {

        static final Position NEWEST = new Position(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1, -1));
    }

    private static final String ALGORITHM = "HmacSHA256";
    private static final int POSITION_BYTES = 24;
    private static final int SIGNATURE_BYTES = 16;

    private final SecretKeySpec secret;

    Cursor(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    String write(Position position, String list) {
        byte[] bytes = ByteBuffer.allocate(POSITION_BYTES)
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, position.createdAt()))
                .putLong(position.id().getMostSignificantBits())
                .putLong(position.id().getLeastSignificantBits())
                .array();
        byte[] signed = Arrays.copyOf(bytes, POSITION_BYTES + SIGNATURE_BYTES);
        System.arraycopy(signature(bytes, list), 0, signed, POSITION_BYTES, SIGNATURE_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signed);
    }

    /** Empty for a text that {@link #write} did not write for this list. */
    Optional<Position> read(String text, String list) {
        byte[] signed;
        try {
            signed = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        if (signed.length != POSITION_BYTES + SIGNATURE_BYTES) {
            return Optional.empty();
        }
        byte[] bytes = Arrays.copyOf(signed, POSITION_BYTES);
        byte[] claimed = Arrays.copyOfRange(signed, POSITION_BYTES, signed.length);
        if (!MessageDigest.isEqual(claimed, signature(bytes, list))) {
            return Optional.empty();
        }
        ByteBuffer position = ByteBuffer.wrap(bytes);
        Instant createdAt = Instant.EPOCH.plus(position.getLong(), ChronoUnit.MICROS);
        return Optional.of(new Position(createdAt, new UUID(position.getLong(), position.getLong())));
    }

    private byte[] signature(byte[] position, String list) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update(position);
            return Arrays.copyOf(mac.doFinal(list.getBytes(StandardCharsets.UTF_8)), SIGNATURE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
