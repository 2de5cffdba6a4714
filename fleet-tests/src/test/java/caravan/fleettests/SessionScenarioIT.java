package caravan.fleettests;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions over two gateways. */
class SessionScenarioIT {

    private static final List<URI> DOORS = List.of(TwoDoors.first(), TwoDoors.second());

    @Test
    void givesOneSuccessorToManyWhoAskAtOnce() {
        JsonObject session = newSession();

        List<HttpResponse<String>> answers =
                Traffic.together(200, i -> refresh(DOORS.get(i % 2), session.getString("refresh_token")));

        assertThat(answers)
                .hasSize(200)
                .allSatisfy(answer ->
                        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200));
        assertThat(answers.stream().map(answer -> new JsonObject(answer.body()).getString("refresh_token")))
                .containsOnly(new JsonObject(answers.getFirst().body()).getString("refresh_token"))
                .doesNotContain(session.getString("refresh_token"));
    }

    @Test
    void endsASessionAtBothDoorsWhenAnOldTokenIsReplayed() {
        JsonObject first = newSession();
        JsonObject second = refreshed(DOORS.get(0), first);
        JsonObject third = refreshed(DOORS.get(1), second);
        DOORS.forEach(door -> assertThat(ask(door, third).statusCode()).isEqualTo(200));

        HttpResponse<String> replayed = Shop.sendOnce(
                refresh(DOORS.get(0), first.getString("refresh_token")).build());

        assertThat(replayed.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(replayed.body()).getString("error")).isEqualTo("invalid_grant");
        await().atMost(1000, MILLISECONDS)
                .pollInterval(50, MILLISECONDS)
                .until(() -> DOORS.stream().allMatch(door -> ask(door, third).statusCode() == 401));
        assertThat(Shop.sendOnce(refresh(DOORS.get(1), third.getString("refresh_token"))
                                .build())
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void endsTheSessionEverywhereAtLogout() {
        JsonObject session = newSession();
        JsonObject other = newSession();

        HttpResponse<String> left = Shop.sendOnce(Shop.visitor(DOORS.get(0))
                .to("/auth/logout")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(new JsonObject()
                        .put("refreshToken", session.getString("refresh_token"))
                        .encode()))
                .build());

        assertThat(left.statusCode()).isEqualTo(204);
        await().atMost(1000, MILLISECONDS)
                .pollInterval(50, MILLISECONDS)
                .until(() -> ask(DOORS.get(1), session).statusCode() == 401);
        assertThat(ask(DOORS.get(1), other).statusCode()).isEqualTo(200);
    }

    static Stream<String> forgeries() {
        String[] parts = newSession().getString("access_token").split("\\.", -1);
        String claims = parts[1];
        return Stream.of(
                part("{\"alg\":\"none\",\"typ\":\"at+jwt\"}") + "." + claims + ".",
                part("{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"1\"}") + "." + claims + "." + parts[2],
                part("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"../../etc/passwd\"}") + "." + claims + "."
                        + parts[2],
                part("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"x\",\"jku\":\"http://127.0.0.1:1/keys\"}") + "."
                        + claims + "." + parts[2],
                parts[0] + "." + part("{\"sub\":\"" + UUID.randomUUID() + "\",\"scope\":\"ops\"}") + "." + parts[2],
                parts[0] + "." + claims + "." + part("no signature"),
                "junk");
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void letsNoForgedTokenInAtTheDoorNorBehindIt(String token) {
        List<URI> everybody = Stream.concat(
                        DOORS.stream(), Stream.of(URI.create(TheFleet.get().address("order-service"))))
                .toList();

        assertThat(everybody)
                .allSatisfy(address -> assertThat(ask(address, new JsonObject().put("access_token", token))
                                .statusCode())
                        .isEqualTo(401));
    }

    @Test
    void takesItsScopeFromTheClientsOwnAccount() {
        var client = TheFleet.get().credentials().client();
        String basic = Base64.getEncoder()
                .encodeToString((client.clientId() + ":" + client.clientSecret()).getBytes(StandardCharsets.UTF_8));

        HttpResponse<String> answer = Shop.visitor(DOORS.get(0))
                .send(Shop.visitor(DOORS.get(0))
                        .to("/oauth2/token")
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials")));

        JsonObject token = new JsonObject(answer.body());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(token.getString("scope")).isEqualTo("orders:read orders:write");
        assertThat(token.getInteger("expires_in")).isEqualTo(900);
        assertThat(token.containsKey("refresh_token")).isFalse();
        assertThat(ask(DOORS.get(1), token).statusCode()).isEqualTo(200);
    }

    private static JsonObject newSession() {
        Shop visitor = Shop.visitor(DOORS.get(0));
        return visitor.session(visitor.newAccount());
    }

    private static JsonObject refreshed(URI door, JsonObject session) {
        HttpResponse<String> answer = Shop.visitor(door).send(refresh(door, session.getString("refresh_token")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static HttpRequest.Builder refresh(URI door, String token) {
        String form = "grant_type=refresh_token&refresh_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
        return Shop.visitor(door)
                .to("/oauth2/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
    }

    private static HttpResponse<String> ask(URI door, JsonObject session) {
        return Shop.sendOnce(Shop.visitor(door)
                .to("/api/v1/orders?limit=1")
                .header("Authorization", "Bearer " + session.getString("access_token"))
                .GET()
                .build());
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
