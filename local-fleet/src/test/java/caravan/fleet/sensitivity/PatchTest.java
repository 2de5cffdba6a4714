package caravan.fleet.sensitivity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.fleet.FleetException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatchTest {

    private static final List<String> DIFF = List.of(
            "--- a/shop/Till.java",
            "+++ b/shop/Till.java",
            "@@ -7,4 +7,3 @@",
            " count();",
            "-check();",
            "-lock();",
            "+open();",
            " close();");

    private final Patch.Change change = Patch.parse(DIFF).changes().getFirst();

    @Test
    void changesTheLinesWhereverTheyStand() {
        assertThat(change.path()).isEqualTo("shop/Till.java");
        assertThat(change.applyTo("begin();\ncount();\ncheck();\nlock();\nclose();\n"))
                .isEqualTo("begin();\ncount();\nopen();\nclose();\n");
    }

    @Test
    void saysWhichLinesAreGone() {
        assertThatThrownBy(() -> change.applyTo("count();\ncheck();\nclose();\n"))
                .isInstanceOf(FleetException.class)
                .hasMessageContainingAll("does not apply any more", "not in shop/Till.java", "lock();");
    }

    @Test
    void doesNotChooseBetweenTwoPlaces() {
        String twice = "count();\ncheck();\nlock();\nclose();\n".repeat(2);

        assertThatThrownBy(() -> change.applyTo(twice)).hasMessageContaining("2 times in shop/Till.java");
    }

    @Test
    void changesSeveralPlacesAndFiles() {
        List<String> diff = List.of(
                "--- a/A",
                "+++ b/A",
                "@@ -1 +1 @@",
                "-one",
                "+1",
                "@@ -3 +3 @@",
                "-three",
                "+3",
                "--- a/B",
                "+++ b/B",
                "@@ -1 +1,2 @@",
                " two",
                "",
                "+2");

        List<Patch.Change> changes = Patch.parse(diff).changes();

        assertThat(changes).extracting(Patch.Change::path).containsExactly("A", "B");
        assertThat(changes.getFirst().applyTo("one\ntwo\nthree\n")).isEqualTo("1\ntwo\n3\n");
        assertThat(changes.getLast().applyTo("two\n\nfour")).isEqualTo("two\n\n2\nfour");
    }
}
