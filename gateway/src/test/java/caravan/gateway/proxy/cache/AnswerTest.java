package caravan.gateway.proxy.cache;

import static caravan.gateway.proxy.cache.Said.FOR_ALL;
import static caravan.gateway.proxy.cache.Said.MOST_GRACE;
import static caravan.gateway.proxy.cache.Said.headers;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.gateway.proxy.Fetched;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTest {

    /** Asked at 1,000,000: what the service and the way took counts as age. */
    @ParameterizedTest
    @CsvSource({
        "0, 1000000, 0, true",
        "0, 1059999, 60, true",
        "0, 1060000, 60, false",
        "45, 1000000, 45, true",
        "45, 1014999, 60, true",
        "45, 1015000, 60, false",
        "61, 1000000, 61, false",
        "0, 1000001, 1, true"
    })
    void isAsOldAsItSaysAndAsItHasBeenHere(String age, long nowMs, long ageS, boolean fresh) {
        Answer answer = Said.answer(1_000_000, "tea", "Age", age);

        assertThat(answer.ageSeconds(nowMs)).isEqualTo(ageS);
        assertThat(answer.isFresh(nowMs)).isEqualTo(fresh);
    }

    @ParameterizedTest
    @CsvSource({"x", "-5", "''"})
    void takesAnAgeThatIsNoneForNone(String age) {
        assertThat(Said.answer(0, "tea", "Age", age).ageMs(0)).isZero();
    }

    @Test
    void isForEverybodyOrNotThere() {
        assertThat(Answer.of(Said.ok("tea", "Cache-Control", "private, max-age=60"), 0, MOST_GRACE))
                .isEmpty();
        assertThat(Answer.of(Said.ok("tea", "Cache-Control", FOR_ALL, "Vary", "*"), 0, MOST_GRACE))
                .isEmpty();
        assertThat(Answer.of(Said.notFound("Cache-Control", FOR_ALL), 0, MOST_GRACE))
                .isPresent();
    }

    @Test
    void keepsNothingThatIsToldAnewOrSomebodysAlone() {
        Answer answer =
                Said.answer(0, "tea", "Age", "3", "Content-Length", "3", "Consistency-Token", "7", "ETag", "\"1\"");

        assertThat(answer.said().headers().names()).containsExactlyInAnyOrder("Cache-Control", "ETag");
    }

    @Test
    void isYoungAgainWhenItIsConfirmed() {
        Answer old = Said.answer(0, "tea", "ETag", "\"1\"", "Last-Modified", "then", "X-Shop", "7");

        Answer young = old.confirmed(
                        headers("ETag", "\"1\"", "Age", "10", "Cache-Control", "public, max-age=30"),
                        100_000,
                        MOST_GRACE)
                .orElseThrow();

        assertThat(young.ageMs(100_000)).isEqualTo(10_000);
        assertThat(young.lifetime()).isEqualTo(new Lifetime(30_000, 0));
        assertThat(((Fetched.Whole) young.said()).body().toString()).isEqualTo("tea");
        assertThat(young.said().headers().names())
                .containsExactlyInAnyOrder("Cache-Control", "ETag", "Last-Modified", "X-Shop");
        assertThat(old.said().headers().get("Cache-Control")).isEqualTo(FOR_ALL);
    }

    @Test
    void isNotConfirmedByWhatSpeaksOfAnother() {
        Answer answer = Said.answer(0, "tea", "ETag", "\"1\"");

        assertThat(answer.confirmed(headers("ETag", "\"2\""), 1, MOST_GRACE)).isEmpty();
        assertThat(answer.confirmed(headers("Cache-Control", "no-store"), 1, MOST_GRACE))
                .isEmpty();
        assertThat(answer.confirmed(headers(), 1, MOST_GRACE)).isPresent();
    }
}
