package caravan.gateway.session.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106) in the PHC string format, which carries its parameters: stored hashes stay good when they are raised.
 * The parameters are OWASP's: 19 MiB, two passes, one lane.
 */
final class Argon2 {

    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{8,64})\\$([A-Za-z0-9+/]{16,128})");

    private Argon2() {}

    static String hash(String password) {
        byte[] salt = random(SALT_BYTES);
        return write(salt, compute(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES));
    }

    /** A hash that no password has, and that takes as long to verify as any. */
    static String nobodys() {
        return write(random(SALT_BYTES), random(HASH_BYTES));
    }

    static boolean verify(String password, String phc) {
        Matcher stored = PHC.matcher(phc);
        if (!stored.matches()) {
            throw new IllegalStateException("a stored password hash is no Argon2id in PHC format");
        }
        byte[] expected = DECODER.decode(stored.group(5));
        byte[] actual = compute(
                password,
                DECODER.decode(stored.group(4)),
                Integer.parseInt(stored.group(1)),
                Integer.parseInt(stored.group(2)),
                Integer.parseInt(stored.group(3)),
                expected.length);
        return MessageDigest.isEqual(expected, actual);
    }

    private static String write(byte[] salt, byte[] hash) {
        return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                .formatted(MEMORY_KIB, PASSES, LANES, ENCODER.encodeToString(salt), ENCODER.encodeToString(hash));
    }

    private static byte[] compute(String password, byte[] salt, int memoryKib, int passes, int lanes, int length) {
        Argon2Parameters parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build();
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters);
        byte[] hash = new byte[length];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
