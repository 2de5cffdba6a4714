package caravan.gateway.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import caravan.common.auth.AccessToken;
import caravan.common.auth.Scope;
import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(SessionsProfile.class)
@WithTestResource(Backends.class)
class AccountsTest {

    @Inject
    Sessions sessions;

    @Inject
    TestThrottle throttle;

    @AfterEach
    void openTheThrottle() {
        throttle.answer = Optional.empty();
    }

    @Test
    void registersAndLogsIn() throws Exception {
        String email = Api.anybody();

        Response registered = Api.register(email, SessionsProfile.PASSWORD);
        Response login = Api.login(email.toUpperCase(Locale.ROOT), SessionsProfile.PASSWORD);

        registered
                .then()
                .statusCode(201)
                .body("email", is(email))
                .body("name", is("Somebody"))
                .body("id", notNullValue())
                .body("createdAt", notNullValue())
                .body("size()", is(4));
        login.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("token_type", is("Bearer"))
                .body("expires_in", is(900))
                .body("refresh_token", notNullValue())
                .body("scope", is("orders:read orders:write"));
        AccessToken token = authenticate(login.path("access_token"));
        assertThat(token.subject().toString()).isEqualTo(registered.path("id"));
        assertThat(token.email()).isEqualTo(email);
        assertThat(token.name()).isEqualTo("Somebody");
        assertThat(token.isClient()).isFalse();
    }

    @Test
    void anAddressIsTakenInWhateverCase() {
        String email = Api.anybody();
        Api.register(email, SessionsProfile.PASSWORD).then().statusCode(201);

        Response again = Api.register(email.toUpperCase(Locale.ROOT), SessionsProfile.PASSWORD);

        again.then().statusCode(409).contentType("application/problem+json").body("code", is("account-exists"));
    }

    @Test
    void doesNotSayWhichHalfWasWrong() {
        Response wrongPassword = Api.login("customer@example.com", "not the password");
        Response nobody = Api.login(Api.anybody(), "not the password");

        assertThat(problemOf(wrongPassword)).isEqualTo(problemOf(nobody));
        wrongPassword.then().statusCode(401).body("code", is("invalid-credentials"));
    }

    @Test
    void refusesBadRegistrationsWithAPointer() {
        Api.json(Map.of("email", "x", "password", "short", "name", "N"), "/auth/register")
                .then()
                .statusCode(422)
                .body("code", is("invalid-request"))
                .body("errors.pointer", contains("/email", "/password"));
        Api.json(Map.of("email", Api.anybody(), "password", "p", "name", "N", "role", "ops"), "/auth/register")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/role"));
        Api.json(Map.of("email", Api.anybody(), "password", "p", "scope", "ops"), "/auth/login")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/scope"));
        Api.json(Map.of(), "/auth/login")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/email", "/password"));
        Api.json(Map.of(), "/auth/logout").then().statusCode(422).body("errors.pointer", contains("/refreshToken"));
        Api.json("{", "/auth/login").then().statusCode(400).body("code", is("malformed-body"));
        given().contentType("application/json").post("/auth/login").then().statusCode(400);
        given().contentType("text/plain").body("x").post("/auth/login").then().statusCode(415);
    }

    @Test
    void throttlesBeforeThePasswordIsLookedAt() {
        throttle.answer = Optional.of(Duration.ofMillis(2500));

        Response answer = Api.login("Customer@Example.com", SessionsProfile.PASSWORD);

        answer.then()
                .statusCode(429)
                .header("Retry-After", "3")
                .body("code", is("quota-exceeded"))
                .body("traceId", matchesPattern("[0-9a-f]{32}"));
        assertThat(throttle.asked.getLast()).hasSize(64).doesNotContain("customer");
        Api.login("customer@example.com", SessionsProfile.PASSWORD).then().statusCode(429);
        assertThat(throttle.asked.getLast()).isEqualTo(throttle.asked.get(throttle.asked.size() - 2));
    }

    /** Twenty find room: two at work, sixteen in the queue, and those that come when some are done. */
    @Test
    void saysWhenTooManyLogInAtOnce() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> logins;
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            logins = IntStream.range(0, 80)
                    .mapToObj(_ -> Api.login(client, "customer@example.com", SessionsProfile.PASSWORD))
                    .toList();
            CompletableFuture.allOf(logins.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }

        List<HttpResponse<String>> answers =
                logins.stream().map(CompletableFuture::join).toList();
        assertThat(answers)
                .extracting(HttpResponse::statusCode)
                .contains(200, 503)
                .containsOnly(200, 503);
        assertThat(answers.stream().filter(answer -> answer.statusCode() == 503))
                .allMatch(answer -> answer.body().contains("temporary-reduced-capacity")
                        && answer.headers().firstValue("Retry-After").isPresent());
    }

    @Test
    void makesAnOperatorFromTheConfiguration() throws Exception {
        Response login = Api.login("operator@example.com", SessionsProfile.PASSWORD);

        login.then().statusCode(200).body("scope", is("orders:read catalog:write ops"));
        assertThat(authenticate(login.path("access_token")).scopes())
                .containsExactlyInAnyOrder(Scope.ORDERS_READ, Scope.CATALOG_WRITE, Scope.OPS);
    }

    @Test
    void aClientGetsATokenOfItsOwnAndNoRefreshToken() throws Exception {
        Response one = clientToken(SessionsProfile.CLIENT_SECRET, null);
        Response two = clientToken(SessionsProfile.CLIENT_SECRET, "orders:read");

        one.then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("scope", is("orders:read orders:write"))
                .body("size()", is(4));
        two.then().statusCode(200).body("scope", is("orders:read"));
        AccessToken token = authenticate(one.path("access_token"));
        assertThat(token.isClient()).isTrue();
        assertThat(token.subject()).hasToString(SessionsProfile.CLIENT_ID);
        assertThat(token.email()).isEqualTo("shop@example.com");
        assertThat(token.session())
                .isNotEqualTo(authenticate(two.path("access_token")).session());
    }

    @Test
    void aClientsTokenCanBeRevokedAlone() throws Exception {
        String one = clientToken(SessionsProfile.CLIENT_SECRET, null).path("access_token");
        String two = clientToken(SessionsProfile.CLIENT_SECRET, null).path("access_token");

        Api.revoke(one).then().statusCode(200);

        assertThat(sessions.authenticate(one).failed()).isTrue();
        assertThat(authenticate(two)).isNotNull();
    }

    @Test
    void refusesClientsThatAreNotWhoTheySay() {
        Response wrongSecret = clientToken("another secret", null);
        Response noSecret =
                given().formParam("grant_type", "client_credentials").post("/oauth2/token");
        Response junk = given().header("Authorization", "Basic !!!")
                .formParam("grant_type", "client_credentials")
                .post("/oauth2/token");

        for (Response answer : new Response[] {wrongSecret, noSecret, junk}) {
            answer.then().statusCode(401).contentType("application/json").body("error", is("invalid_client"));
            assertThat(answer.header("WWW-Authenticate")).startsWith("Basic ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                                   invalid_request",
        "refresh_token=x,                                      invalid_request",
        "grant_type=refresh_token,                             invalid_request",
        "grant_type=refresh_token&refresh_token=,              invalid_request",
        "grant_type=refresh_token&grant_type=refresh_token,    invalid_request",
        "grant_type=refresh_token&refresh_token=%zz,           invalid_request",
        "grant_type=password&username=a&password=b,            unsupported_grant_type",
        "grant_type=authorization_code&code=x,                 unsupported_grant_type",
        "grant_type=refresh_token&refresh_token=x&client_id=y, invalid_grant",
        "grant_type=refresh_token&refresh_token=x&scope=root,  invalid_scope",
        "grant_type=refresh_token&refresh_token=x,             invalid_grant",
    })
    void refusesInTheWordsOfTheRfc(String form, String error) {
        given().contentType("application/x-www-form-urlencoded")
                .body(form)
                .post("/oauth2/token")
                .then()
                .statusCode(400)
                .contentType("application/json")
                .header("Cache-Control", "no-store")
                .body("error", is(error))
                .body("error_description", notNullValue())
                .body("size()", is(2));
    }

    @Test
    void refusesScopesThatWereNotGranted() {
        clientToken(SessionsProfile.CLIENT_SECRET, "ops").then().statusCode(400).body("error", is("invalid_scope"));
        clientToken(SessionsProfile.CLIENT_SECRET, "everything")
                .then()
                .statusCode(400)
                .body("error", is("invalid_scope"));
    }

    @Test
    void refusesATokenRequestThatIsNoForm() {
        Api.json(Map.of("grant_type", "refresh_token"), "/oauth2/token")
                .then()
                .statusCode(400)
                .body("error", is("invalid_request"));
        given().formParam("x", "y")
                .post("/oauth2/revoke")
                .then()
                .statusCode(400)
                .body("error", is("invalid_request"));
    }

    @Test
    void describesItself() {
        given().get("/.well-known/oauth-authorization-server")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("issuer", is(Api.issuer()))
                .body("token_endpoint", is(Api.issuer() + "/oauth2/token"))
                .body("revocation_endpoint", is(Api.issuer() + "/oauth2/revoke"))
                .body("jwks_uri", is(Api.issuer() + "/.well-known/jwks.json"))
                .body("response_types_supported.size()", is(0))
                .body("grant_types_supported", contains("refresh_token", "client_credentials"))
                .body("scopes_supported", contains("orders:read", "orders:write", "catalog:write", "ops"))
                .body("token_endpoint_auth_methods_supported", contains("none", "client_secret_basic"));
    }

    @Test
    void publishesItsPublicKeysAndNothingElse() {
        given().get("/.well-known/jwks.json")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Cache-Control", "public, max-age=300")
                .body("keys.kty", hasItem("RSA"))
                .body("keys.alg", hasItem("RS256"))
                .body("keys.findAll { it.d != null || it.p != null }.size()", is(0))
                .body("keys.findAll { it.n.length() < 342 }.size()", is(0));
    }

    private static Response clientToken(String secret, @Nullable String scope) {
        var request = given().auth()
                .preemptive()
                .basic(
                        SessionsProfile.CLIENT_ID,
                        java.net.URLEncoder.encode(secret, java.nio.charset.StandardCharsets.UTF_8))
                .formParam("grant_type", "client_credentials");
        return (scope == null ? request : request.formParam("scope", scope)).post("/oauth2/token");
    }

    private static String problemOf(Response answer) {
        return answer.statusCode() + " " + answer.path("code") + " " + answer.path("detail");
    }

    private AccessToken authenticate(String token) throws Exception {
        return sessions.authenticate(token)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }
}
