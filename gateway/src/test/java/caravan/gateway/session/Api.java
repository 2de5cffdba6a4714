package caravan.gateway.session;

import static io.restassured.RestAssured.given;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.ConfigProvider;

/** The calls of the public contract. */
final class Api {

    record Tokens(String access, String refresh) {}

    private Api() {}

    static String issuer() {
        return ConfigProvider.getConfig().getValue("caravan.auth.issuer", String.class);
    }

    static String anybody() {
        return "somebody-" + UUID.randomUUID() + "@example.com";
    }

    static Response register(String email, String password) {
        return json(Map.of("email", email, "password", password, "name", "Somebody"), "/auth/register");
    }

    static Response login(String email, String password) {
        return json(Map.of("email", email, "password", password), "/auth/login");
    }

    /** Of the customer who is there from the start. */
    static Tokens login() {
        return tokens(login("customer@example.com", SessionsProfile.PASSWORD));
    }

    static Response refresh(String token) {
        return given().formParam("grant_type", "refresh_token")
                .formParam("refresh_token", token)
                .post("/oauth2/token");
    }

    static CompletableFuture<HttpResponse<String>> refresh(HttpClient client, String token) {
        return form(client, "/oauth2/token", "grant_type=refresh_token&refresh_token=" + token);
    }

    static CompletableFuture<HttpResponse<String>> revoke(HttpClient client, String token) {
        return form(client, "/oauth2/revoke", "token=" + token);
    }

    static CompletableFuture<HttpResponse<String>> login(HttpClient client, String email, String password) {
        String body = "{\"email\":\"" + email + "\",\"password\":\"" + password + "\"}";
        return post(client, "/auth/login", "application/json", body);
    }

    static Response revoke(String token) {
        return given().formParam("token", token).post("/oauth2/revoke");
    }

    static Response logout(String refreshToken) {
        return json(Map.of("refreshToken", refreshToken), "/auth/logout");
    }

    static Tokens tokens(Response response) {
        response.then().statusCode(200);
        return new Tokens(response.path("access_token"), response.path("refresh_token"));
    }

    static Response json(Object body, String path) {
        return given().contentType("application/json").body(body).post(path);
    }

    private static CompletableFuture<HttpResponse<String>> form(HttpClient client, String path, String form) {
        return post(client, path, "application/x-www-form-urlencoded", form);
    }

    private static CompletableFuture<HttpResponse<String>> post(
            HttpClient client, String path, String type, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }
}
