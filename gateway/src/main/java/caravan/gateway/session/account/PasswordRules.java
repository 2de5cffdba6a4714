package caravan.gateway.session.account;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which passwords are good enough: long, not guessed first. No rules about kinds of characters, which help nobody. */
final class PasswordRules {

    private static final int SHORTEST = 12;
    private static final int LONGEST = 128;

    /** The most common of at least 12 characters, in lower case. */
    private static final Set<String> COMMON = Set.of(
            "123456789012",
            "1234567890123",
            "1234567890123456",
            "12345678910111",
            "0123456789012",
            "123123123123",
            "111111111111",
            "000000000000",
            "aaaaaaaaaaaa",
            "987654321098",
            "098765432109",
            "112233445566",
            "password1234",
            "password12345",
            "password123456",
            "passwordpassword",
            "mypassword123",
            "newpassword123",
            "passw0rd1234",
            "p@ssw0rd1234",
            "p@ssword1234",
            "qwertyuiop12",
            "qwertyuiop123",
            "qwertyuiopasdfghjkl",
            "qwerty123456",
            "qwerty1234567",
            "qwertyqwerty",
            "1q2w3e4r5t6y",
            "1qaz2wsx3edc",
            "1qaz2wsx3edc4rfv",
            "q1w2e3r4t5y6",
            "zaq12wsxcde3",
            "asdfghjkl123",
            "asdfasdfasdf",
            "abcdefghijkl",
            "abcdefghijklm",
            "abc123abc123",
            "iloveyou1234",
            "iloveyou12345",
            "iloveyouforever",
            "letmein12345",
            "letmeinletmein",
            "welcome12345",
            "welcome123456",
            "administrator",
            "administrator1",
            "adminadminadmin",
            "admin1234567",
            "changeme1234",
            "changemechangeme",
            "trustno1trustno1",
            "football1234",
            "baseball1234",
            "superman1234",
            "sunshine1234",
            "princess1234",
            "dragon123456",
            "monkey123456",
            "master123456",
            "correcthorsebatterystaple");

    private PasswordRules() {}

    /** What is wrong with it, if anything. */
    static Optional<String> objection(String password, String email) {
        int length = password.codePointCount(0, password.length());
        if (length < SHORTEST || length > LONGEST) {
            return Optional.of("must have %d to %d characters".formatted(SHORTEST, LONGEST));
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(password)) {
            return Optional.of("must be text");
        }
        if (password.equalsIgnoreCase(email)) {
            return Optional.of("must not be the email address");
        }
        return COMMON.contains(password.toLowerCase(Locale.ROOT))
                ? Optional.of("is one of the most common passwords")
                : Optional.empty();
    }
}
