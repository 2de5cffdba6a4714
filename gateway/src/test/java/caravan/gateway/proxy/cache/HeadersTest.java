package caravan.gateway.proxy.cache;

import static caravan.gateway.proxy.cache.Said.headers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What headers mean. */
class HeadersTest {

    /** As much as a client can send. */
    private static final int MOST = 16_000;

    private static final Duration AT_ONCE = Duration.ofMillis(100);

    @ParameterizedTest
    @MethodSource("asLongAsCanBe")
    void readsLongOnesInATimeThatGrowsWithTheirLength(String line) {
        assertTimeoutPreemptively(AT_ONCE, () -> Accepting.json(List.of(line)));
        assertTimeoutPreemptively(AT_ONCE, () -> Coding.of(List.of(line)));
    }

    static List<String> asLongAsCanBe() {
        return List.of(
                "a" + " ".repeat(MOST) + "b",
                "gzip;q=0" + " ".repeat(MOST) + "b",
                "gzip;" + " ".repeat(MOST) + "b",
                // No regular expression takes 0x85 for any character.
                "gzip" + ";q=0".repeat(MOST / 4) + "\u0085",
                "*/*" + ";q=0".repeat(MOST / 4) + "\u0085");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-age=60 | 60",
                "public, MAX-AGE=60 | 60",
                "max-age = \"60\" | 60",
                "max-age=60, max-age=5 | 60",
                "max-age=99999999999999999999 | 2147483647",
                "max-age=-1 | 0",
                "max-age=1.5 | 0",
                "max-age | 0",
                "max-age=, public | 0",
                "ext=\"max-age=7\", max-age=60 | 60"
            })
    void readsSeconds(String line, long seconds) {
        assertThat(CacheControl.of(List.of(line)).seconds("max-age")).hasValue(seconds);
    }

    @Test
    void readsDirectivesOfAllLines() {
        CacheControl said = CacheControl.of(List.of("public", "No-Store , x=\"a, private\"", ""));

        assertThat(said.has("public")).isTrue();
        assertThat(said.has("no-store")).isTrue();
        assertThat(said.has("private")).isFalse();
        assertThat(said.seconds("max-age")).isEqualTo(OptionalLong.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | public, max-age=60 | 60 | 0",
                "200 | public, max-age=60, stale-while-revalidate=300 | 60 | 300",
                "200 | public, max-age=60, stale-if-error=30, stale-while-revalidate=300 | 60 | 30",
                "200 | public, max-age=60, stale-if-error=86400 | 60 | 300",
                "200 | public, max-age=60, s-maxage=20, stale-if-error=30 | 20 | 0",
                "200 | public, max-age=60, must-revalidate, stale-if-error=30 | 60 | 0",
                "404 | public, max-age=5 | 5 | 0"
            })
    void keepsWhatIsForEverybody(int status, String caching, long freshS, long graceS) {
        assertThat(Lifetime.of(status, headers("Cache-Control", caching), Said.MOST_GRACE))
                .contains(new Lifetime(1000 * freshS, 1000 * graceS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | max-age=60",
                "200 | public",
                "200 | public, max-age=0",
                "200 | public, max-age=x",
                "200 | public, max-age=60, s-maxage=0",
                "200 | public, max-age=60, private",
                "200 | public, max-age=60, private=\"set-cookie\"",
                "200 | public, max-age=60, no-store",
                "200 | public, max-age=60, no-cache",
                "206 | public, max-age=60",
                "302 | public, max-age=60",
                "500 | public, max-age=60"
            })
    void keepsNothingElse(int status, String caching) {
        assertThat(Lifetime.of(status, headers("Cache-Control", caching), Said.MOST_GRACE))
                .isEmpty();
    }

    @Test
    void keepsNoCookieAndNothingWithoutASay() {
        assertThat(Lifetime.of(200, headers("Cache-Control", Said.FOR_ALL, "Set-Cookie", "a=b"), Said.MOST_GRACE))
                .isEqualTo(Optional.empty());
        assertThat(Lifetime.of(404, headers(), Said.MOST_GRACE)).isEmpty();
    }

    @Test
    void dependsOnWhatVaryNames() {
        Vary byLanguage = Vary.of(headers("Vary", "Accept, accept-Language", "Vary", "Accept-Encoding"));

        assertThat(byLanguage.byCoding()).isTrue();
        assertThat(byLanguage.suits(headers("Accept", "*/*", "Accept-Encoding", "br")))
                .isTrue();
        assertThat(byLanguage.suits(headers("Accept-Language", "de"))).isFalse();
        assertThat(Vary.of(headers("Content-Encoding", "gzip")).byCoding()).isTrue();
        assertThat(Vary.of(headers()).suits(headers("Accept-Language", "de"))).isTrue();
        assertThat(Vary.of(headers("Vary", "Accept-Encoding, *")).byAnything()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | GZIP",
                "br, GZip;q=0.5 | GZIP",
                "gzip;q=0 | IDENTITY",
                "gzip; q=0.000, br | IDENTITY",
                "br | IDENTITY",
                "* | IDENTITY",
                "identity | IDENTITY"
            })
    void knowsTwoCodings(String accepted, Coding coding) {
        assertThat(Coding.of(List.of(accepted))).isEqualTo(coding);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*/*", "application/json", "text/html, application/*;q=0.8", "a/b, a/b, APPLICATION/JSON;v=1"})
    void servesThoseWhoTakeJson(String accept) {
        assertThat(Accepting.json(List.of(accept))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/json;q=0", "application/xml, */*;v=1;q=0.0", "rubbish"})
    void passesOnThoseWhoDoNot(String accept) {
        assertThat(Accepting.json(List.of(accept))).isFalse();
        assertThat(Accepting.json(List.of())).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                " | 59000 | true",
                " | 60000 | false",
                "max-age=30 | 30000 | true",
                "max-age=30 | 30001 | false",
                "max-age=0 | 0 | false",
                "max-age=x | 0 | false",
                "no-cache | 0 | false",
                "min-fresh=20 | 39999 | true",
                "min-fresh=20 | 40000 | false",
                "max-stale=100 | 60000 | false",
                "no-store | 59000 | true"
            })
    void heedsHowFreshAClientWantsIt(String caching, long ageMs, boolean takes) {
        Wish wish = Wish.of(caching == null ? headers() : headers("Cache-Control", caching));

        assertThat(wish.takes(Said.answer(0, "tea"), ageMs)).isEqualTo(takes);
    }

    @Test
    void heedsPragmaWhereThereIsNothingElse() {
        assertThat(Wish.of(headers("Pragma", "no-cache")).asked()).isTrue();
        assertThat(Wish.of(headers("Pragma", "no-cache", "Cache-Control", "max-age=9"))
                        .asked())
                .isFalse();
    }

    @Test
    void putsUpWithAnOldOneUnlessItInsists() {
        Answer answer = Said.answer(0, "tea");
        long last = Duration.ofMinutes(6).toMillis() - 1;

        assertThat(Wish.of(headers()).putsUpWith(answer, last)).isTrue();
        assertThat(Wish.of(headers()).putsUpWith(answer, last + 1)).isFalse();
        assertThat(Wish.of(headers("Cache-Control", "max-age=0")).putsUpWith(answer, last))
                .isTrue();
        assertThat(Wish.of(headers("Cache-Control", "no-cache")).putsUpWith(answer, 1))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"7.1\" | true",
                "W/\"7.1\" | true",
                "\"6\", \"7.1\" | true",
                "* | true",
                "\"7\" | false",
                "7.1 | false",
                "\"a\"7.1\" | false"
            })
    void knowsItsTag(String noneMatch, boolean holds) {
        Conditions conditions = Conditions.of(
                headers("If-None-Match", noneMatch, "If-Modified-Since", "Wed, 21 Oct 2065 07:28:00 GMT"));

        assertThat(conditions.hold(headers("ETag", "\"7.1\"", "Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"), true))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Wed, 21 Oct 2015 07:28:00 GMT | true",
                "Wed, 21 Oct 2015 07:28:01 GMT | true",
                "Wed, 21 Oct 2015 07:27:59 GMT | false",
                "yesterday | false"
            })
    void knowsItsDate(String since, boolean holds) {
        Conditions conditions = Conditions.of(headers("If-Modified-Since", since));

        assertThat(conditions.hold(headers("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"), true))
                .isEqualTo(holds);
        assertThat(conditions.hold(headers("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT"), false))
                .isFalse();
        assertThat(conditions.hold(headers(), true)).isFalse();
    }
}
