package caravan.gateway.session.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MasterSecretTest {

    private static final String GOOD = "0123456789abcdef0123456789abcdef";

    @Test
    void derivesAnotherKeyForEachPurposeAndSecret() {
        MasterSecret secret = Secrets.of(GOOD);

        assertThat(secret.derive("a", 32))
                .hasSize(32)
                .isEqualTo(Secrets.of(GOOD).derive("a", 32));
        assertThat(secret.derive("b", 32)).isNotEqualTo(secret.derive("a", 32));
        assertThat(Secrets.of(GOOD + "x").derive("a", 32)).isNotEqualTo(secret.derive("a", 32));
    }

    @Test
    void isRequiredInProductionAndNeverShort() {
        assertThatThrownBy(() -> MasterSecret.checked(Optional.empty(), true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("caravan.gateway.secret is required");
        assertThatThrownBy(() -> MasterSecret.checked(Optional.of("short-secret"), false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining("short-secret");
        assertThat(MasterSecret.checked(Optional.empty(), false)).hasSizeGreaterThanOrEqualTo(32);
    }

    @Test
    void aSealedKeyOpensUnderItsOwnNameAndSecretOnly() {
        KeySeal seal = new KeySeal(Secrets.of(GOOD));
        byte[] sealed = seal.seal("kid-1", new byte[] {1, 2, 3});

        assertThat(seal.open("kid-1", sealed)).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> seal.open("kid-2", sealed)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new KeySeal(Secrets.of(GOOD + "x")).open("kid-1", sealed))
                .hasMessageContaining("another caravan.gateway.secret");
    }
}
