package caravan.fleet.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The mutants in {@code src/mutants} fit the sources as they are. Whoever changes lines that one of them changes sees it here, and writes the patch
 * anew: the mistake stays, its place has moved.
 */
class MutantsTest {

    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

    static List<Mutant> mutants() {
        return Mutant.all(CHECKOUT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void applies(Mutant mutant) {
        assertThat(mutant.patch().changes()).isNotEmpty().allSatisfy(change -> {
            assertThat(change.path()).contains("/src/main/");
            String source = Files.readString(CHECKOUT.resolve(change.path()));
            assertThatCode(() -> assertThat(change.applyTo(source)).isNotEqualTo(source))
                    .as(mutant.name())
                    .doesNotThrowAnyException();
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void namesATestThatThereIs(Mutant mutant) throws IOException {
        Path test = CHECKOUT.resolve(mutant.module())
                .resolve("src/test/java")
                .resolve(mutant.testClass().replace('.', '/') + ".java");

        assertThat(Files.readString(test)).contains("void " + mutant.testMethod() + "(");
    }

    @Test
    void coverEveryRuleOfTheProtocol() {
        List<String> broken = mutants().stream()
                .flatMap(mutant -> List.of(mutant.rule().split(", ")).stream())
                .toList();

        assertThat(broken)
                .containsAll(
                        IntStream.rangeClosed(1, 12).mapToObj(String::valueOf).toList());
    }

    @Test
    void sayWhatTheyLack() {
        assertThatThrownBy(() -> Mutant.parse("half", List.of("# mistake: none", "# rule: 1")))
                .isInstanceOf(FleetException.class)
                .hasMessageContaining("'# module: …' is missing");
    }
}
