package caravan.inventory;

import static caravan.inventory.Precondition.Verdict.CREATE;
import static caravan.inventory.Precondition.Verdict.FAILED;
import static caravan.inventory.Precondition.Verdict.REPLACE;
import static caravan.inventory.Precondition.Verdict.REQUIRED;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.inventory.Precondition.Verdict;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PreconditionTest {

    private static final OptionalLong NOTHING = OptionalLong.empty();
    private static final OptionalLong VERSION_3 = OptionalLong.of(3);

    @Test
    void createsWhatIsNotThere() {
        assertThat(verdict(null, null, NOTHING)).isEqualTo(CREATE);
        assertThat(verdict(null, "*", NOTHING)).isEqualTo(CREATE);
    }

    @Test
    void matchesNothingWhereNothingIs() {
        assertThat(verdict("\"3.10\"", null, NOTHING)).isEqualTo(FAILED);
        assertThat(verdict("*", null, NOTHING)).isEqualTo(FAILED);
    }

    @Test
    void asksForIfMatchBeforeItReplaces() {
        assertThat(verdict(null, null, VERSION_3)).isEqualTo(REQUIRED);
    }

    @Test
    void replacesTheVersionThatWasRead() {
        assertThat(verdict("\"3.10\"", null, VERSION_3)).isEqualTo(REPLACE);
        assertThat(verdict("\"1.4\", \"3.10\"", null, VERSION_3)).isEqualTo(REPLACE);
        assertThat(verdict("*", null, VERSION_3)).isEqualTo(REPLACE);
    }

    @Test
    void refusesAnotherVersionAndAWeakOrForeignTag() {
        assertThat(verdict("\"2.10\"", null, VERSION_3)).isEqualTo(FAILED);
        assertThat(verdict("\"33.10\"", null, VERSION_3)).isEqualTo(FAILED);
        assertThat(verdict("W/\"3.10\"", null, VERSION_3)).isEqualTo(FAILED);
        assertThat(verdict("nonsense", null, VERSION_3)).isEqualTo(FAILED);
    }

    @Test
    void refusesToCreateASecondTime() {
        assertThat(verdict(null, "*", VERSION_3)).isEqualTo(FAILED);
    }

    @Test
    void comparesWeaklyForReads() {
        assertThat(Precondition.isFresh("\"3.10\"", "\"3.10\"")).isTrue();
        assertThat(Precondition.isFresh("\"1.1\", W/\"3.10\"", "\"3.10\"")).isTrue();
        assertThat(Precondition.isFresh("*", "\"3.10\"")).isTrue();
        assertThat(Precondition.isFresh("\"3.9\"", "\"3.10\"")).isFalse();
        assertThat(Precondition.isFresh(null, "\"3.10\"")).isFalse();
    }

    private static Verdict verdict(@Nullable String ifMatch, @Nullable String ifNoneMatch, OptionalLong current) {
        return Precondition.of(ifMatch, ifNoneMatch).verdict(current);
    }
}
