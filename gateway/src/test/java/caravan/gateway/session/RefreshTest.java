package caravan.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import caravan.common.auth.AccessToken;
import caravan.common.auth.TokenException;
import caravan.fleet.testing.Backends;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(SessionsProfile.class)
@WithTestResource(Backends.class)
class RefreshTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration AFTER_THE_GRACE = Duration.ofSeconds(11);

    @Inject
    Sessions sessions;

    @Inject
    MovableClock clock;

    @Inject
    Pool pool;

    @Inject
    Redis redis;

    @Inject
    MeterRegistry meters;

    @AfterEach
    void resetTheClock() {
        clock.reset();
    }

    @Test
    void givesANewPairAndCountsOn() {
        Api.Tokens first = Api.login();

        Response answer = Api.refresh(first.refresh());

        answer.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("token_type", is("Bearer"))
                .body("expires_in", is(900))
                .body("scope", is("orders:read orders:write"));
        Api.Tokens second = Api.tokens(answer);
        assertThat(second.refresh()).isNotEqualTo(first.refresh());
        assertThat(authenticate(second.access()).generation()).isEqualTo(1);
        assertThat(authenticate(second.access()).session())
                .isEqualTo(authenticate(first.access()).session());
    }

    @Test
    void twoHundredAtOnceGetOneSuccessor() {
        Api.Tokens first = Api.login();

        List<HttpResponse<String>> answers = inParallel(200, first.refresh());

        assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
        assertThat(answers.stream()
                        .map(answer -> new JsonObject(answer.body()).getString("refresh_token"))
                        .distinct())
                .hasSize(1);
        assertThat(family(first).getInteger("sequence")).isEqualTo(1);
    }

    @Test
    void anAnswerThatGotLostCanBeFetchedHoursLater() throws IOException {
        Api.Tokens first = Api.login();

        sendAndHangUp(first.refresh(), () -> family(first).getInteger("sequence") == 1);
        clock.advance(Duration.ofHours(5));
        Api.Tokens again = Api.tokens(Api.refresh(first.refresh()));

        assertThat(family(first).getInteger("sequence")).isEqualTo(1);
        assertThat(authenticate(again.access()).generation()).isEqualTo(1);
        Api.tokens(Api.refresh(again.refresh()));
    }

    @Test
    void aReplayAfterTheSuccessorWasUsedEndsTheSessionAndNoOther() {
        Api.Tokens first = Api.login();
        Api.Tokens other = Api.login();
        Api.Tokens second = Api.tokens(Api.refresh(first.refresh()));
        authenticate(second.access());
        await().atMost(BOUND).until(() -> family(first).getBoolean("seen"));
        double before = reuses();

        clock.advance(AFTER_THE_GRACE);
        refused(Api.refresh(first.refresh()));

        refused(Api.refresh(second.refresh()));
        assertDenied(second.access());
        assertDenied(first.access());
        assertThat(family(first).getString("revoke_reason")).isEqualTo("reuse");
        assertThat(reuses()).isEqualTo(before + 1);
        assertThat(authenticate(other.access())).isNotNull();
        Api.tokens(Api.refresh(other.refresh()));
    }

    @Test
    void aReplayWithinTheGraceGetsTheSameSuccessorThoughItWasUsed() {
        Api.Tokens first = Api.login();
        Api.Tokens second = Api.tokens(Api.refresh(first.refresh()));
        authenticate(second.access());
        await().atMost(BOUND).until(() -> family(first).getBoolean("seen"));

        Api.Tokens again = Api.tokens(Api.refresh(first.refresh()));

        assertThat(again.refresh()).isEqualTo(second.refresh());
    }

    @Test
    void aGrandparentWithinTheGraceEndsTheSession() {
        Api.Tokens first = Api.login();
        Api.Tokens second = Api.tokens(Api.refresh(first.refresh()));
        Api.Tokens third = Api.tokens(Api.refresh(second.refresh()));

        refused(Api.refresh(first.refresh()));

        refused(Api.refresh(third.refresh()));
        assertDenied(third.access());
        assertThat(ttlOfMark(sid(third.access()))).isBetween(900L, 930L);
    }

    /** As another gateway would do it: nothing but a row. */
    @Test
    void aSessionThatAnotherGatewayEndedStopsHereSoon() {
        Api.Tokens tokens = Api.login();
        UUID sid = authenticate(tokens.access()).session();

        execute("insert into denied_sessions (sid) values ($1)", Tuple.of(sid));

        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertDenied(tokens.access()));
    }

    @Test
    void revokeAgainstRefreshEndsRevoked() {
        try (HttpClient client = client()) {
            for (int round = 0; round < 5; round++) {
                Api.Tokens first = Api.login();

                CompletableFuture<HttpResponse<String>> refresh = Api.refresh(client, first.refresh());
                CompletableFuture<HttpResponse<String>> revoke = Api.revoke(client, first.refresh());
                HttpResponse<String> answer = join(refresh);

                assertThat(join(revoke).statusCode()).isEqualTo(200);
                assertThat(family(first).getOffsetDateTime("revoked_at")).isNotNull();
                if (answer.statusCode() == 200) {
                    JsonObject tokens = new JsonObject(answer.body());
                    assertDenied(tokens.getString("access_token"));
                    refused(Api.refresh(tokens.getString("refresh_token")));
                }
            }
        }
    }

    @Test
    void anIdleSessionExpiresAndIsNotRevoked() {
        Api.Tokens tokens = Api.login();

        clock.advance(Duration.ofDays(7));
        refused(Api.refresh(tokens.refresh()));

        assertThat(family(tokens).getOffsetDateTime("revoked_at")).isNull();
    }

    @Test
    void aSessionInUseEndsAfterThirtyDays() {
        Api.Tokens first = Api.login();
        Api.Tokens tokens = first;

        for (int turn = 0; turn < 4; turn++) {
            clock.advance(Duration.ofDays(6));
            tokens = Api.tokens(Api.refresh(tokens.refresh()));
        }
        clock.advance(Duration.ofDays(6));

        refused(Api.refresh(tokens.refresh()));
        assertThat(family(first).getOffsetDateTime("revoked_at")).isNull();
    }

    @Test
    void logoutEndsTheSessionEverywhereAndOnlyIt() {
        Api.Tokens first = Api.login();
        Api.Tokens second = Api.tokens(Api.refresh(first.refresh()));
        Api.Tokens other = Api.login();

        Api.logout(first.refresh()).then().statusCode(204);

        refused(Api.refresh(second.refresh()));
        assertDenied(second.access());
        Api.tokens(Api.refresh(other.refresh()));
        Api.logout(first.refresh()).then().statusCode(204);
        Api.logout("junk").then().statusCode(204);
    }

    @Test
    void logoutTakesAFormToo() {
        Api.Tokens tokens = Api.login();

        RestAssured.given()
                .formParam("refresh_token", tokens.refresh())
                .post("/auth/logout")
                .then()
                .statusCode(204);

        refused(Api.refresh(tokens.refresh()));
    }

    @Test
    void revokesByEitherTokenAndSaysNothingOfOthers() {
        Api.Tokens one = Api.login();
        Api.Tokens two = Api.login();

        Api.revoke(one.access()).then().statusCode(200);
        Api.revoke(two.refresh()).then().statusCode(200);
        Api.revoke("no token at all").then().statusCode(200);

        refused(Api.refresh(one.refresh()));
        refused(Api.refresh(two.refresh()));
        assertDenied(one.access());
        assertDenied(two.access());
    }

    @ParameterizedTest
    @ValueSource(strings = {"junk", "AAAA", "eyJhbGciOiJub25lIn0.e30."})
    void refusesJunk(String junk) {
        refused(Api.refresh(junk));
    }

    private static void refused(Response answer) {
        answer.then()
                .statusCode(400)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("error", is("invalid_grant"));
    }

    private static List<HttpResponse<String>> inParallel(int times, String token) {
        try (HttpClient client = client()) {
            List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, times)
                    .mapToObj(_ -> Api.refresh(client, token))
                    .toList();
            return calls.stream().map(RefreshTest::join).toList();
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static void sendAndHangUp(String token, Callable<Boolean> when) throws IOException {
        String form = "grant_type=refresh_token&refresh_token=" + token;
        String request = "POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " + form.length() + "\r\n\r\n"
                + form;
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            await().atMost(BOUND).until(when);
        }
    }

    private AccessToken authenticate(String token) {
        return join(sessions.authenticate(token).toCompletionStage().toCompletableFuture());
    }

    private void assertDenied(String token) {
        assertThat(sessions.authenticate(token).toCompletionStage().toCompletableFuture())
                .failsWithin(BOUND)
                .withThrowableThat()
                .withCauseInstanceOf(TokenException.class)
                .withMessageContaining("the session has ended");
    }

    private static String sid(String access) {
        String claims = access.split("\\.", -1)[1];
        return new JsonObject(new String(java.util.Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8))
                .getString("sid");
    }

    private Row family(Api.Tokens tokens) {
        return execute("select * from token_families where id = $1", Tuple.of(UUID.fromString(sid(tokens.access()))));
    }

    private Row execute(String sql, Tuple arguments) {
        return pool.preparedQuery(sql)
                .execute(arguments)
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next())
                .await()
                .atMost(BOUND);
    }

    private long ttlOfMark(String sid) {
        return join(redis.send(Request.cmd(Command.TTL).arg("deny:" + sid))
                        .toCompletionStage()
                        .toCompletableFuture())
                .toLong();
    }

    private double reuses() {
        return meters.counter("session.refreshes", "outcome", "reuse").count();
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.get(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
