package caravan.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void readsOptionsInAnyOrder() {
        Arguments arguments = Arguments.parse("up", "--without", "gateway,payment-service", "--port-offset", "100");

        assertThat(arguments.verb()).isEqualTo("up");
        assertThat(arguments.without()).containsExactly("gateway", "payment-service");
        assertThat(arguments.ports().of("gateway").http()).isEqualTo(8180);
        assertThat(arguments.folder(Path.of("/c")).root()).isEqualTo(Path.of("/c/.caravan/offset-100"));
    }

    @Test
    void saysInOneSentenceWhatIsWrong() {
        assertThatThrownBy(() -> Arguments.parse("up", "--sideways")).hasMessageContaining("no option --sideways");
        assertThatThrownBy(() -> Arguments.parse("up", "--port-offset")).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> Arguments.parse("up", "--port-offset", "x")).hasMessageContaining("needs a number");
        assertThatThrownBy(() -> Arguments.parse("up", "--port-offset", "60000").ports())
                .hasMessageContaining("between 0 and");
    }
}
