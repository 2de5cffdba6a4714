package caravan.gateway;

import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.testing.Backends;
import caravan.gateway.Inventory.Asked;
import caravan.gateway.proxy.cache.MovableTicker;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test has a product of its own. Time stands still unless it is moved. */
@QuarkusTest
@WithTestResource(Backends.class)
@WithTestResource(
        value = Upstreams.class,
        initArgs = {@ResourceArg(name = "inventory", value = "scripted"), @ResourceArg(name = "deadline", value = "3s")
        })
@TestProfile(CacheTest.Movable.class)
class CacheTest {

    /** A breaker that opens after a few calls, for a second; nobody may be larger than 64 KiB. */
    public static class Movable implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(MovableTicker.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "caravan.gateway.breaker.window", "8",
                    "caravan.gateway.breaker.open-for", "1s",
                    "caravan.gateway.cache.most-body", "64K");
        }
    }

    private static final String LIST = "/api/v1/products";

    @Inject
    MovableTicker clock;

    private final String sku = "TEA-" + UUID.randomUUID();
    private final String path = LIST + "/" + sku;
    private final Inventory product = new Inventory(path);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void answersFromMemory() {
        product.says("tea", "ETag", "\"1\"", "Link", "</x>; rel=\"next\"");
        Response first = given().header("X-Request-Id", "one").get(path);

        Response second = given().header("X-Request-Id", "two").get(path);

        assertThat(product.asked()).hasSize(1);
        assertThat(first.header("Cache-Status")).isEqualTo("caravan; fwd=miss; ttl=60");
        assertThat(second.header("Cache-Status")).isEqualTo("caravan; hit; ttl=60");
        assertThat(second.asString()).isEqualTo("tea");
        assertThat(second.header("Age")).isEqualTo("0");
        assertThat(second.header("X-Request-Id")).isEqualTo("two");
        assertThat(List.of("ETag", "Link", "Content-Type", "Content-Length", "Cache-Control"))
                .allSatisfy(name -> assertThat(second.header(name)).isEqualTo(first.header(name)));
        assertThat(second.header("RateLimit")).isNotNull();
        assertThat(second.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void asksOnceForHundredsWhoComeAtOnce() {
        product.says("tea").stops();
        List<CompletableFuture<HttpResponse<String>>> answers = ask(500);
        awaitWaiting(500);

        product.goesOn();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo("tea"));
        assertThat(product.asked()).hasSize(1);
        assertThat(answers.stream()
                        .filter(answer -> header(answer, "Cache-Status").contains("collapsed")))
                .hasSize(499);
    }

    @Test
    void answersTheOthersWhenTheOneWhoAskedFirstHasGone() throws Exception {
        product.says("tea").stops();
        try (Socket first = new Socket("localhost", RestAssured.port)) {
            first.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            awaitWaiting(1);
        }
        List<CompletableFuture<HttpResponse<String>>> others = ask(3);
        awaitWaiting(4);

        product.goesOn();

        assertThat(others).allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo("tea"));
        assertThat(product.asked()).hasSize(1);
    }

    @Test
    void showsNothingThatIsOlderThanItsMaxAge() {
        product.says("tea", "Age", "45");
        assertThat(given().get(path).header("Age")).isEqualTo("45");
        product.says("new tea");
        clock.pass(Duration.ofMillis(14_999));
        Response last = given().get(path);
        clock.pass(Duration.ofMillis(1));

        Response next = given().get(path);

        assertThat(last.asString()).isEqualTo("tea");
        assertThat(last.header("Age")).isEqualTo("60");
        assertThat(next.asString()).isEqualTo("new tea");
        assertThat(next.header("Age")).isEqualTo("0");
    }

    @Test
    void saysThatNothingHasChanged() {
        product.says("tea", "ETag", "\"7.1\"", "Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT");
        given().get(path);

        Response byTag = given().header("If-None-Match", "\"6\", \"7.1\"").get(path);
        Response byDate = given().header("If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 GMT")
                .get(path);
        Response changed = given().header("If-None-Match", "\"7.2\"").get(path);

        assertThat(List.of(byTag, byDate)).allSatisfy(unchanged -> {
            assertThat(unchanged.statusCode()).isEqualTo(304);
            assertThat(unchanged.header("ETag")).isEqualTo("\"7.1\"");
            assertThat(unchanged.header("Cache-Control")).isEqualTo(Inventory.FOR_ALL);
            assertThat(unchanged.header("Last-Modified")).isNotNull();
            assertThat(unchanged.header("Age")).isEqualTo("0");
            assertThat(unchanged.asString()).isEmpty();
        });
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(product.asked()).hasSize(1);
    }

    /** What left a list may have been the newest in it. */
    @Test
    void doesNotGoByTheDateOfAList() {
        String list = LIST + "?q=" + sku;
        new Inventory(list).says("[]", "ETag", "\"l\"", "Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT");
        given().get(list);

        assertThat(given().header("If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 GMT")
                        .get(list)
                        .statusCode())
                .isEqualTo(200);
        assertThat(given().header("If-None-Match", "\"l\"").get(list).statusCode())
                .isEqualTo(304);
    }

    @Test
    void answersAHeadWithoutTheBody() {
        product.says("some tea");
        Response asked = given().head(path);

        Response known = given().head(path);

        assertThat(List.of(asked, known)).allSatisfy(head -> {
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.header("Content-Length")).isEqualTo("8");
            assertThat(head.asString()).isEmpty();
        });
        assertThat(given().get(path).asString()).isEqualTo("some tea");
        assertThat(product.asked()).hasSize(1);
    }

    @Test
    void asksWhetherItIsStillTrueWhenItsTimeIsOver() {
        product.says("tea", "ETag", "\"1\"");
        given().get(path);
        clock.pass(Duration.ofSeconds(60));

        Response confirmed = given().get(path);

        assertThat(product.asked().getLast().headers()).containsEntry("if-none-match", "\"1\"");
        assertThat(confirmed.asString()).isEqualTo("tea");
        assertThat(confirmed.header("Age")).isEqualTo("0");
        assertThat(confirmed.header("Cache-Status")).contains("fwd-status=304");
        assertThat(given().get(path).header("Cache-Status")).startsWith("caravan; hit");
    }

    @ParameterizedTest
    @CsvSource({"Cache-Control, no-cache", "Cache-Control, max-age=0", "Pragma, no-cache"})
    void asksAnewForWhoeverInsists(String name, String value) {
        product.says("tea", "ETag", "\"1\"");
        given().get(path);
        product.says("new tea", "ETag", "\"2\"");

        Response insisting = given().header(name, value).get(path);

        assertThat(insisting.asString()).isEqualTo("new tea");
        assertThat(given().get(path).asString()).isEqualTo("new tea");
        assertThat(product.asked()).hasSize(2);
    }

    @Test
    void asksOnceMoreForAllWhoInsistAtOnce() {
        product.says("tea").stops();
        List<CompletableFuture<HttpResponse<String>>> answers = ask(30, "Cache-Control", "no-cache");
        awaitWaiting(30);

        product.goesOn();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo("tea"));
        assertThat(product.asked()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void keepsNothingThatIsNotToBeKept() {
        product.says("tea");
        given().header("Cache-Control", "no-store").get(path);

        given().get(path);
        given().header("Cache-Control", "no-store").get(path);

        assertThat(product.asked()).hasSize(2);
    }

    @Test
    void asksNobodyForThoseWhoWantACopyOnly() {
        given().header("Cache-Control", "only-if-cached")
                .get(path)
                .then()
                .statusCode(504)
                .body("code", Matchers.is("gateway-timeout"));
        given().get(path);

        given().header("Cache-Control", "only-if-cached").get(path).then().statusCode(200);
        assertThat(product.asked()).hasSize(1);
    }

    @Test
    void goesPastMemoryWithATokenAndLearnsFromTheAnswer() {
        product.says("tea");
        given().get(path);
        product.says("new tea", "Consistency-Token", "somebody's");

        Response own = given().header("Consistency-Token", "42").get(path);

        assertThat(own.asString()).isEqualTo("new tea");
        assertThat(product.asked().getLast().headers()).containsEntry("consistency-token", "42");
        Response others = given().get(path);
        assertThat(others.asString()).isEqualTo("new tea");
        assertThat(others.header("Consistency-Token")).isNull();
    }

    /** Junk for a token must not throw out what others ask for. */
    @Test
    void forgetsNothingBecauseOfABadToken() {
        product.says("tea");
        given().get(path);
        product.hasTrouble(404, "not-found");
        given().header("Consistency-Token", "junk").get(path).then().statusCode(404);
        product.answers(200, "tea", "Cache-Control", "no-store");
        given().header("Consistency-Token", "junk").get(path).then().statusCode(200);

        assertThat(given().get(path).header("Cache-Status")).startsWith("caravan; hit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "POST"})
    void forgetsWhatWasEditedBeforeTheEditorHearsOfIt(String method) {
        String list = LIST + "?q=" + sku;
        String top = LIST + "/top?limit=7";
        List<String> reads = List.of(path, list, top);
        reads.forEach(read -> given().get(read));
        String edited = method.equals("PUT") ? path : path + "/stock";
        new Inventory(edited).answers(200, "{}");
        reads.forEach(read -> new Inventory(read).says("new"));

        editor().body("{}").request(method, edited).then().statusCode(200);

        assertThat(reads)
                .allSatisfy(read -> assertThat(given().get(read).asString()).isEqualTo("new"));
    }

    @Test
    void keepsWhatWasNotEditedAfterAll() {
        product.says("tea");
        given().get(path);
        product.hasTrouble(412, "precondition-failed");

        editor().body("{}").put(path).then().statusCode(412);

        assertThat(given().get(path).header("Cache-Status")).startsWith("caravan; hit");
    }

    @Test
    void keepsNoAnswerToAQuestionThatAnEditOvertook() {
        product.says("old tea").stops();
        List<CompletableFuture<HttpResponse<String>>> before = ask(1);
        awaitWaiting(1);
        new Inventory(path + "/stock").answers(200, "{}");
        editor().body("{}").post(path + "/stock").then().statusCode(200);
        product.goesOn();
        assertThat(before.getFirst().join().body()).isEqualTo("old tea");
        product.says("new tea");

        assertThat(given().get(path).asString()).isEqualTo("new tea");
    }

    @Test
    void showsAnOldCopyWhileTheServiceIsAway() {
        product.says("tea");
        given().get(path);
        product.breaks();
        clock.pass(Duration.ofSeconds(100));
        IntStream.range(0, 10).forEach(_ -> given().get(path).then().statusCode(200));
        assertThat(metric("breaker_state", "downstream=\"inventory\"")).isEqualTo(2);

        Response old = given().get(path);
        Response insisting = given().header("Cache-Control", "no-cache").get(path);
        clock.pass(Duration.ofSeconds(260));
        Response tooOld = given().get(path);

        assertThat(old.asString()).isEqualTo("tea");
        assertThat(old.header("Age")).isEqualTo("100");
        assertThat(old.header("Cache-Status")).isEqualTo("caravan; hit; detail=service-away; ttl=-40");
        assertThat(List.of(insisting, tooOld)).allSatisfy(refused -> {
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isNotNull();
            assertThat(refused.jsonPath().getString("detail")).contains("copy");
        });
        product.says("new tea");
        await().atMost(10, SECONDS).until(() -> given().get(path).asString().equals("new tea"));
    }

    @Test
    void showsAnOldCopyRatherThanTheServicesOwnTrouble() {
        product.says("tea");
        given().get(path);
        clock.pass(Duration.ofSeconds(61));
        product.hasTrouble(503, "temporary-reduced-capacity", "Retry-After", "7");

        assertThat(given().get(path).asString()).isEqualTo("tea");
        clock.pass(Duration.ofMinutes(5));
        Response trouble = given().header("X-Request-Id", "mine").get(path);

        assertThat(trouble.statusCode()).isEqualTo(503);
        assertThat(trouble.header("Retry-After")).isEqualTo("7");
        assertThat(trouble.jsonPath().getString("detail")).isEqualTo("it says");
        assertThat(trouble.jsonPath().getString("requestId")).isEqualTo("mine");
    }

    @Test
    void tellsAllWhoWaitOfTheSameFailureAndTriesNoMoreForIt() {
        product.hasTrouble(500, "internal-error").stops();
        List<CompletableFuture<HttpResponse<String>>> answers = ask(50);
        awaitWaiting(50);

        product.goesOn();

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.join().statusCode()).isEqualTo(500);
            assertThat(answer.join().body()).contains(header(answer, "X-Request-Id"));
        });
        assertThat(product.asked()).hasSize(1);
    }

    @Test
    void givesUpOnAServiceThatIsSilentForAllAtOnce() {
        product.says("tea").stops();
        List<CompletableFuture<HttpResponse<String>>> answers = ask(20);

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(504));
        assertThat(product.asked()).hasSize(1);
        product.goesOn();
    }

    @ParameterizedTest
    @ValueSource(strings = {"private, max-age=60", "no-store", "public, max-age=60, no-cache"})
    void givesNobodyWhatIsForAnother(String caching) {
        product.answers(200, "yours", "Cache-Control", caching).stops();
        List<CompletableFuture<HttpResponse<String>>> answers = ask(5);
        awaitWaiting(5);

        product.goesOn();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo("yours"));
        assertThat(product.asked()).hasSize(5);
        given().get(path);
        assertThat(product.asked()).hasSize(6);
    }

    @Test
    void keepsNoCookie() {
        product.says("tea", "Set-Cookie", "a=b");

        assertThat(given().get(path).header("Set-Cookie")).isEqualTo("a=b");
        given().get(path);

        assertThat(product.asked()).hasSize(2);
    }

    @Test
    void keepsOneForEachCodingWhereThereAreTwo() {
        product.says("squeezed", "Vary", "Accept-Encoding");
        assertThat(coded("gzip, br").header("Vary")).isEqualTo("Accept-Encoding");
        product.says("plain", "Vary", "Accept-Encoding");
        assertThat(coded("identity").asString()).isEqualTo("plain");

        assertThat(coded("br, gzip;q=0.8").asString()).isEqualTo("squeezed");
        assertThat(coded("br").asString()).isEqualTo("plain");
        assertThat(product.asked())
                .extracting(asked -> asked.headers().get("accept-encoding"))
                .containsExactly("gzip", "identity");
    }

    @Test
    void keepsOneForAllWhoDoNotSendWhatItDependsOn() {
        product.says("tea", "Vary", "Accept-Language");
        given().get(path);

        given().header("Accept-Language", "de").get(path);
        given().header("Accept-Language", "en").get(path);
        given().get(path);

        assertThat(product.asked())
                .extracting(asked -> asked.headers().get("accept-language"))
                .containsExactly(null, "de", "en");
    }

    @Test
    void keepsNothingThatDependsOnAnything() {
        product.says("tea", "Vary", "*");
        given().get(path);
        given().get(path);

        assertThat(product.asked()).hasSize(2);
    }

    /** What is not in the key must not be in the question: otherwise one client could choose what all others get. */
    @Test
    void asksInNobodysName() throws Exception {
        product.says("tea");
        String poisoned = "GET " + path + "?cb=1&utm_source=evil HTTP/1.1\r\nHost: evil.example\r\n"
                + "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: evil\r\nX-Original-URL: /evil\r\n"
                + "X-HTTP-Method-Override: DELETE\r\nCookie: a=b\r\nOrigin: https://evil.example\r\nRange: bytes=0-0\r\n"
                + "Accept-Encoding: evil, gzip\r\nAccept: */*;evil=1\r\nConnection: close\r\n\r\n";

        assertThat(raw(poisoned)).startsWith("HTTP/1.1 200").endsWith("tea");

        Asked asked = product.asked().getFirst();
        assertThat(asked.headers().toString()).doesNotContain("evil");
        assertThat(asked.headers().keySet())
                .containsExactlyInAnyOrder("host", "accept", "accept-encoding", "x-request-id", "traceparent");
        assertThat(given().get(path).header("Cache-Status")).startsWith("caravan; hit");
    }

    @Test
    void letsNothingOutOfAQuery() {
        String asked = LIST + "?q=" + sku + "+%26limit%3D100%0D%0AX-Evil%3A+1&limit=3";
        new Inventory(asked).says("[]");

        Response answer = given().urlEncodingEnabled(false)
                .get(LIST + "?limit=3&unknown=1&q=" + sku + "%20%26limit%3D100%0d%0aX-Evil%3A%201");

        assertThat(answer.asString()).isEqualTo("[]");
        assertThat(answer.header("X-Evil")).isNull();
        assertThat(new Inventory(asked).asked()).hasSize(1);
    }

    @Test
    void givesAllOfItToWhoeverAsksForAPart() {
        product.says("some tea");
        given().get(path);

        Response part = given().header("Range", "bytes=0-1").get(path);

        assertThat(part.statusCode()).isEqualTo(200);
        assertThat(part.asString()).isEqualTo("some tea");
        assertThat(product.asked()).hasSize(1);
    }

    @Test
    void leavesToTheServiceWhatIsUnusual() {
        product.hasTrouble(406, "not-acceptable");

        given().accept("image/png").get(path).then().statusCode(406).header("Cache-Status", "caravan; fwd=bypass");
        given().header("If-Match", "\"1\"").get(path).then().statusCode(406);
        given().body("a body").get(path).then().statusCode(406);

        assertThat(product.asked()).hasSize(3);
        assertThat(product.asked().getFirst().headers()).containsEntry("accept", "image/png");
    }

    @Test
    void passesOnWhatIsTooLargeToKeep() {
        product.says("x".repeat(64 * 1024 + 1));

        assertThat(given().get(path).asString()).hasSize(64 * 1024 + 1);
        assertThat(given().get(path).asString()).hasSize(64 * 1024 + 1);

        assertThat(product.asked()).hasSize(3);
    }

    @Test
    void keepsThatThereIsNothingOnlyWhenItIsToldTo() {
        product.hasTrouble(404, "not-found");
        given().get(path).then().statusCode(404);
        product.hasTrouble(404, "not-found", "Cache-Control", "public, max-age=5");
        given().get(path).then().statusCode(404);

        Response known = given().header("X-Request-Id", "mine").get(path);

        assertThat(product.asked()).hasSize(2);
        assertThat(known.statusCode()).isEqualTo(404);
        assertThat(known.contentType()).isEqualTo("application/problem+json");
        assertThat(known.header("Cache-Control")).isEqualTo("public, max-age=5");
        assertThat(known.jsonPath().getString("requestId")).isEqualTo("mine");
        assertThat(known.jsonPath().getString("instance")).isEqualTo(path);
        assertThat(known.jsonPath().getString("detail")).isEqualTo("it says");
    }

    @Test
    void tellsTheServiceOfHitsWhenItIsAskedAgain() {
        product.says("tea");
        IntStream.range(0, 6).forEach(_ -> given().get(path));
        given().head(path);
        clock.pass(Duration.ofSeconds(60));

        given().get(path);

        assertThat(product.asked())
                .extracting(asked -> asked.headers().get("meter"))
                .containsExactly(null, "count=5");
    }

    @Test
    void tellsTheServiceOfHitsOnWhatNobodyAsksForAgain() {
        product.says("tea");
        IntStream.range(0, 4).forEach(_ -> given().get(path));
        clock.pass(Duration.ofSeconds(361));

        await().atMost(20, SECONDS).until(() -> product.asked().size() == 2);

        Asked last = product.asked().getLast();
        assertThat(last.method()).isEqualTo("HEAD");
        assertThat(last.headers()).containsEntry("meter", "count=3");
    }

    @Test
    void believesNoHitsThatAClientTellsOf() {
        product.says("tea");

        given().header("Meter", "count=1000000").get(path);
        given().header("Meter", "count=1000000").accept("image/png").get(path);

        assertThat(product.asked()).noneMatch(asked -> asked.headers().containsKey("meter"));
    }

    @Test
    void asksBeforeTimeForWhatIsAskedForOften() {
        product.says("tea");
        IntStream.range(0, 11).forEach(_ -> given().get(path));
        clock.pass(Duration.ofSeconds(47));
        given().get(path);
        assertThat(product.asked()).hasSize(1);
        product.says("new tea");
        clock.pass(Duration.ofSeconds(1));

        assertThat(given().get(path).asString()).isEqualTo("tea");

        await().atMost(10, SECONDS).until(() -> given().get(path).asString().equals("new tea"));
        assertThat(product.asked()).hasSize(2);
        // Twelve hits; the service counts the question itself as a look.
        assertThat(product.asked().getLast().headers()).containsEntry("meter", "count=11");
    }

    @Test
    void tellsEachOriginWhatConcernsIt() {
        product.says("tea");
        given().get(path);

        Response shop = given().header("Origin", Upstreams.SHOP).get(path);

        assertThat(shop.header("Access-Control-Allow-Origin")).isEqualTo(Upstreams.SHOP);
        assertThat(shop.header("Access-Control-Expose-Headers")).contains("Age");
        assertThat(given().header("Origin", "https://evil.example").get(path).header("Access-Control-Allow-Origin"))
                .isNull();
        assertThat(product.asked()).hasSize(1);
    }

    @Test
    void countsWhatItDoes() {
        double hits = metric("gateway_cache_total", "result=\"hit\"");
        product.says("tea");
        IntStream.range(0, 3).forEach(_ -> given().get(path));

        assertThat(metric("gateway_cache_total", "result=\"hit\"") - hits).isEqualTo(2);
        assertThat(metric("gateway_cache_bytes", "")).isPositive();
        assertThat(metric("gateway_cache_entries", "")).isPositive();
        assertThat(metric("gateway_cache_waiting", "")).isZero();
    }

    private static io.restassured.specification.RequestSpecification editor() {
        return given().header("Authorization", Somebody.OPERATOR.bearer());
    }

    private Response coded(String encoding) {
        return given().config(RestAssured.config()
                        .decoderConfig(io.restassured.config.DecoderConfig.decoderConfig()
                                .noContentDecoders()))
                .header("Accept-Encoding", encoding)
                .get(path);
    }

    private List<CompletableFuture<HttpResponse<String>>> ask(int times, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return IntStream.range(0, times)
                .mapToObj(_ -> client.sendAsync(request.build(), BodyHandlers.ofString()))
                .toList();
    }

    private static String header(CompletableFuture<HttpResponse<String>> answer, String name) {
        return answer.join().headers().firstValue(name).orElse("");
    }

    private static void awaitWaiting(int requests) {
        await().atMost(10, SECONDS)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> metric("gateway_cache_waiting", "") == requests);
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static double metric(String name, String label) {
        int port = ConfigProvider.getConfig().getValue("quarkus.management.port", Integer.class);
        return given().port(port)
                .get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(label))
                // Without the example of a trace that a counter may come with.
                .map(line -> line.replaceFirst(" # .*", ""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
