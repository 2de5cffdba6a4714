package caravan.gateway.session.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.common.http.Problem.FieldError;
import caravan.common.http.ProblemException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {

    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final String PASSWORD = "a long enough one";

    private final Passwords passwords = passwords(2, 16);

    @Test
    void storesArgon2idWithItsParametersAndAFreshSalt() {
        String one = passwords.hash(PASSWORD).await().atMost(BOUND);
        String other = passwords.hash(PASSWORD).await().atMost(BOUND);

        assertThat(one).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").isNotEqualTo(other);
        assertThat(verify(PASSWORD, one)).isTrue();
        assertThat(verify("a long enough One", one)).isFalse();
    }

    /** Made by the reference implementation: echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1. */
    @Test
    void verifiesHashesWithOtherParameters() {
        String reference = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

        assertThat(verify("password", reference)).isTrue();
        assertThat(verify("passwort", reference)).isFalse();
    }

    @Test
    void takesAPasswordHoweverItIsComposed() {
        String stored = passwords.hash("caf\u00e9 caf\u00e9 caf\u00e9").await().atMost(BOUND);

        assertThat(verify("cafe\u0301 cafe\u0301 cafe\u0301", stored)).isTrue();
    }

    @Test
    void nobodysHashTakesNoPassword() {
        assertThat(passwords.verify(PASSWORD, Optional.empty()).await().atMost(BOUND))
                .isFalse();
    }

    @Test
    void refusesWorkThatFindsNoRoom() {
        Passwords small = passwords(1, 1);
        List<Throwable> refused = new CopyOnWriteArrayList<>();
        List<String> done = new CopyOnWriteArrayList<>();

        IntStream.range(0, 10)
                .mapToObj(_ -> small.hash(PASSWORD))
                .forEach((Uni<String> hash) -> hash.subscribe().with(done::add, refused::add));

        Awaitility.await().atMost(BOUND).until(() -> done.size() + refused.size() == 10);
        assertThat(done).isNotEmpty();
        assertThat(refused).isNotEmpty().allMatch(RejectedExecutionException.class::isInstance);
    }

    @ParameterizedTest
    @CsvSource({
        "elevenchars,          must have 12 to 128 characters",
        "qwerty123456,         is one of the most common passwords",
        "PassWordPassWord,     is one of the most common passwords",
        "Somebody@Example.com, must not be the email address",
    })
    void refusesWeakPasswords(String password, String message) {
        assertThat(errors(new Registration("somebody@example.com", password, "Somebody")))
                .containsExactly(new FieldError("/password", message));
    }

    /** Characters are code points: these are two chars each. */
    @Test
    void countsCharactersAndNotBytes() {
        String name = "Somebody";
        String email = "somebody@example.com";

        assertThat(new Registration(email, "\ud83d\ude00".repeat(12), name)
                        .check()
                        .password())
                .isNotEmpty();
        assertThat(new Registration(email, "\ud83d\ude00".repeat(128), name)
                        .check()
                        .password())
                .isNotEmpty();
        assertThat(errors(new Registration(email, "\ud83d\ude00".repeat(11), name)))
                .hasSize(1);
        assertThat(errors(new Registration(email, "\ud83d\ude00".repeat(129), name)))
                .hasSize(1);
        assertThat(errors(new Registration(email, "\ud83d".repeat(12), name))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nobody",
                "a@b",
                "a@b.",
                "a b@example.com",
                "a@-b.com",
                "a@b..com",
                "\u00e4@example.com",
                "a@b.c\n"
            })
    void refusesWhatIsNoAddress(String email) {
        assertThat(errors(new Registration(email, PASSWORD, "Somebody")))
                .extracting(FieldError::pointer)
                .containsExactly("/email");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a\tb", "a\u0000b", "a\nb"})
    void refusesNamesThatBreakALine(String name) {
        assertThat(errors(new Registration("a@example.com", PASSWORD, name)))
                .extracting(FieldError::pointer)
                .containsExactly("/name");
    }

    @Test
    void namesEveryFieldThatIsMissingOrTooLong() {
        String longEmail = "a".repeat(60) + "@" + "b".repeat(60) + "." + "c".repeat(60) + "." + "d".repeat(60) + "."
                + "e".repeat(15);

        assertThat(errors(new Registration(null, null, null)))
                .extracting(FieldError::pointer)
                .containsExactly("/email", "/password", "/name");
        assertThat(errors(new Registration(longEmail, PASSWORD, "n".repeat(201))))
                .extracting(FieldError::pointer)
                .containsExactly("/email", "/name");
        assertThat(new Registration(longEmail.substring(1, 255), PASSWORD, "n".repeat(200)).check())
                .isNotNull();
    }

    @Test
    void tellsNoPasswordWhenItIsWritten() {
        Registration registration = new Registration("a@example.com", PASSWORD, "A");

        assertThat(registration + " " + registration.check()).doesNotContain(PASSWORD);
    }

    private static Passwords passwords(int threads, int maxWaiting) {
        return new Passwords(new PasswordConfig() {
            @Override
            public int threads() {
                return threads;
            }

            @Override
            public int maxWaiting() {
                return maxWaiting;
            }
        });
    }

    private boolean verify(String password, String stored) {
        return passwords.verify(password, Optional.of(stored)).await().atMost(BOUND);
    }

    private static List<FieldError> errors(Registration registration) {
        ProblemException problem =
                org.assertj.core.api.Assertions.catchThrowableOfType(ProblemException.class, registration::check);
        assertThatThrownBy(registration::check).isInstanceOf(ProblemException.class);
        return problem.errors();
    }
}
