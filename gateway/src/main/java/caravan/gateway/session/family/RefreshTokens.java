package caravan.gateway.session.family;

import caravan.gateway.session.key.MasterSecret;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Refresh tokens as an opaque text: family, sequence and HMAC-SHA256 over both, in base64url. Nothing of it is stored: whoever
 * reads the database cannot make one, and junk is known without asking the database.
 */
@Singleton
public class RefreshTokens {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int FACT_BYTES = 20;
    private static final int SIGNATURE_BYTES = 32;
    private static final int CHARACTERS = 70;

    private final SecretKeySpec key;

    RefreshTokens(MasterSecret secret) {
        this.key = new SecretKeySpec(secret.derive("refresh-tokens", 32), ALGORITHM);
    }

    public String write(UUID family, int sequence) {
        byte[] facts = ByteBuffer.allocate(FACT_BYTES)
                .putLong(family.getMostSignificantBits())
                .putLong(family.getLeastSignificantBits())
                .putInt(sequence)
                .array();
        byte[] token = Arrays.copyOf(facts, FACT_BYTES + SIGNATURE_BYTES);
        System.arraycopy(signature(facts), 0, token, FACT_BYTES, SIGNATURE_BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /** Empty for a text that {@link #write} did not write, down to the last bit: it is written again and compared. */
    public Optional<RefreshToken> read(String text) {
        if (text.length() != CHARACTERS) {
            return Optional.empty();
        }
        try {
            ByteBuffer facts = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            UUID family = new UUID(facts.getLong(), facts.getLong());
            int sequence = facts.getInt();
            return isSame(text, write(family, sequence))
                    ? Optional.of(new RefreshToken(family, sequence))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean isSame(String text, String good) {
        return MessageDigest.isEqual(
                text.getBytes(StandardCharsets.US_ASCII), good.getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] signature(byte[] facts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(facts);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
