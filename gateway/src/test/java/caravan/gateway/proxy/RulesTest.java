package caravan.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be decided without a connection. */
class RulesTest {

    private static final Upload NOTHING = new Upload.Nothing();

    @ParameterizedTest
    @CsvSource({"GET,false,true", "PUT,false,true", "DELETE,false,true", "POST,false,false", "POST,true,true"})
    void repeatsOnlyWhatMayHappenTwice(String method, boolean hasKey, boolean safe) {
        assertThat(RetryRules.isSafe(HttpMethod.valueOf(method), hasKey, NOTHING))
                .isEqualTo(safe);
    }

    @Test
    void repeatsNoLargeBody() {
        Upload small = new Upload.Held(Buffer.buffer(new byte[Upload.MOST_HELD]));
        Upload large = new Upload.Held(Buffer.buffer(new byte[Upload.MOST_HELD + 1]));

        assertThat(RetryRules.isSafe(HttpMethod.PUT, true, small)).isTrue();
        assertThat(RetryRules.isSafe(HttpMethod.PUT, true, large)).isFalse();
    }

    @Test
    void repeatsBrokenConnectionsTwiceAndNothingElse() {
        RetryRules rules = new RetryRules(2, Duration.ofMillis(25));

        assertThat(List.of(1, 2, 3))
                .extracting(tries -> rules.allow(tries, Fault.Kind.BROKEN))
                .containsExactly(true, true, false);
        assertThat(rules.allow(1, Fault.Kind.UNREACHABLE)).isTrue();
        assertThat(List.of(Fault.Kind.SILENT, Fault.Kind.GARBAGE, Fault.Kind.BREAKER_OPEN, Fault.Kind.FULL))
                .noneMatch(kind -> rules.allow(1, kind));
    }

    @Test
    void waitsLongerBeforeTheSecondRepetition() {
        RetryRules rules = new RetryRules(2, Duration.ofMillis(25));
        Random random = new Random(7);

        assertThat(IntStream.range(0, 100).mapToObj(_ -> rules.delayMs(1, random)))
                .allMatch(delay -> delay >= 25 && delay <= 50);
        assertThat(IntStream.range(0, 100).mapToObj(_ -> rules.delayMs(2, random)))
                .allMatch(delay -> delay >= 50 && delay <= 100);
    }

    @Test
    void spendsNoMoreThanItsPartOfAllRequestsOnRepetitions() {
        RetryBudget budget = new RetryBudget(0.2);
        while (budget.spend()) {
            // What a quiet service may spend at once.
        }

        IntStream.range(0, 100).forEach(_ -> budget.earn());

        assertThat(IntStream.range(0, 100).filter(_ -> budget.spend())).hasSizeBetween(10, 20);
    }

    @Test
    void passesOnlyWhatConcernsTheService() {
        MultiMap sent = MultiMap.caseInsensitiveMultiMap()
                .add("Accept", "a/b")
                .add("Authorization", "Bearer t")
                .add("X-Customer-Id", "somebody")
                .add("x-FORWARDED-for", "10.0.0.1")
                .add("Forwarded", "for=10.0.0.1")
                .add("Connection", "close, X-Hop")
                .add("X-Hop", "1")
                .add("Transfer-Encoding", "chunked")
                .add("Content-Length", "3")
                .add("TE", "trailers")
                .add("Upgrade", "h2c")
                .add("Proxy-Authorization", "Basic x")
                .add("Host", "evil")
                .add("Set-Cookie", "a")
                .add("Set-Cookie", "b");
        MultiMap passed = MultiMap.caseInsensitiveMultiMap();

        HeaderRules.copyRequest(sent, passed);

        assertThat(passed.names()).containsExactlyInAnyOrder("Accept", "Authorization", "Set-Cookie");
        assertThat(passed.getAll("Set-Cookie")).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource({"wait=5,5", "'respond-async, wait=5',5", "wait=99,30", "wait=-1,0", "wait=x,0", "other,0", ",0"})
    void readsHowLongSomebodyWantsToWait(String header, long seconds) {
        assertThat(waitOf(header == null ? List.of() : List.of(header))).isEqualTo(Duration.ofSeconds(seconds));
    }

    /** Read otherwise than by the service, the gateway would lose patience while the service still waits. */
    @Test
    void waitsAsLongAsTheServiceWill() {
        assertThat(waitOf(List.of("wait=\"7\""))).isEqualTo(Duration.ofSeconds(7));
        assertThat(waitOf(List.of("return=minimal", "wait=7"))).isEqualTo(Duration.ofSeconds(7));
    }

    private static Duration waitOf(List<String> headers) {
        return Proxy.wait(MultiMap.caseInsensitiveMultiMap().add("Prefer", headers));
    }

    @ParameterizedTest
    @CsvSource({
        "9.9.9.9, '1.1.1.1', 9.9.9.9",
        "10.0.0.7, '1.1.1.1', 1.1.1.1",
        "10.0.0.7, '6.6.6.6, 1.1.1.1, 10.0.0.9', 1.1.1.1",
        "10.0.0.7, '10.0.0.8, 10.0.0.9', 10.0.0.8",
        "10.0.0.7, 'rubbish', 10.0.0.7",
        "10.0.0.7, '1.1.1.1:4711', 1.1.1.1",
        "10.0.0.7, '[2001:db8::1]:4711', 2001:db8:0:0:0:0:0:1",
        "2001:db8:1::5, '1.1.1.1', 1.1.1.1"
    })
    void believesForwardedAddressesOnlyFromItsProxies(String nearest, String forwarded, String client) {
        ClientAddress addresses = new ClientAddress(List.of("10.0.0.0/8", "2001:db8:1::/48"));

        assertThat(addresses.of(nearest, List.of(forwarded))).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "proxy.example", "10.0.0.0.0", "/8"})
    void refusesABlockThatIsNone(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
    }
}
