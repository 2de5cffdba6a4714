package caravan.gateway.session.family;

import static org.assertj.core.api.Assertions.assertThat;

import caravan.gateway.session.key.Secrets;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshTokensTest {

    private static final UUID FAMILY = UUID.fromString("01900000-0000-7000-8000-000000000001");

    private final RefreshTokens tokens = new RefreshTokens(Secrets.of("a".repeat(32)));

    @Test
    void readsWhatItWrote() {
        String token = tokens.write(FAMILY, 7);

        assertThat(token).hasSize(70).matches("[A-Za-z0-9_-]+");
        assertThat(tokens.read(token)).contains(new RefreshToken(FAMILY, 7));
    }

    @Test
    void refusesATokenInWhichAnythingIsChanged() {
        String token = tokens.write(FAMILY, 7);

        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'Q' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(tokens.read(changed)).as("character %d", i).isEmpty();
        }
    }

    @Test
    void refusesATokenOfAnotherSecret() {
        RefreshTokens others = new RefreshTokens(Secrets.of("b".repeat(32)));

        assertThat(tokens.read(others.write(FAMILY, 7))).isEmpty();
    }

    /** The last character carries two bits that no byte needs: they may not make a second spelling. */
    @Test
    void hasOneSpellingOnly() {
        String token = tokens.write(FAMILY, 7);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

        long good = alphabet.chars()
                .filter(last ->
                        tokens.read(token.substring(0, 69) + (char) last).isPresent())
                .count();

        assertThat(good).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "eyJhbGciOiJub25lIn0.e30.", "    ", "ééé"})
    void refusesJunk(String junk) {
        assertThat(tokens.read(junk)).isEmpty();
        assertThat(tokens.read("A".repeat(70))).isEmpty();
        assertThat(tokens.read("!".repeat(70))).isEmpty();
    }
}
