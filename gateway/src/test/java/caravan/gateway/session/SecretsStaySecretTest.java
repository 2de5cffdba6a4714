package caravan.gateway.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.fleet.testing.Backends;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No password, token or secret reaches a log, whatever goes wrong. */
@QuarkusTest
@TestProfile(SessionsProfile.class)
@WithTestResource(Backends.class)
class SecretsStaySecretTest {

    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger("caravan");

    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.add(entry.getMessage() + " "
                    + List.of(entry.getParameters() == null ? new Object[0] : entry.getParameters()) + " "
                    + entry.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        recorder.setLevel(Level.ALL);
        root.addHandler(recorder);
        ours.setLevel(Level.ALL);
    }

    @AfterEach
    void stopListening() {
        root.removeHandler(recorder);
        ours.setLevel(null);
    }

    @Test
    void nothingIsTold() {
        String password = "canary password 4711";
        String email = Api.anybody();
        Api.register(email, password).then().statusCode(201);
        Api.register(email, password).then().statusCode(409);
        Api.register("no address", password).then().statusCode(422);
        Api.Tokens first = Api.tokens(Api.login(email, password));
        Api.login(email, password + "x").then().statusCode(401);
        Api.json("{\"email\":\"" + email + "\",\"password\":\"" + password + "\",}", "/auth/login")
                .then()
                .statusCode(400);
        Api.json("{\"email\":\"" + email + "\",\"password\":[\"" + password + "\"]}", "/auth/login")
                .then()
                .statusCode(422);
        Api.Tokens second = Api.tokens(Api.refresh(first.refresh()));
        Api.Tokens third = Api.tokens(Api.refresh(second.refresh()));
        Api.refresh(first.refresh()).then().statusCode(400);
        Api.refresh(third.refresh()).then().statusCode(400);
        Api.revoke(third.access()).then().statusCode(200);
        given().auth()
                .preemptive()
                .basic(SessionsProfile.CLIENT_ID, "wrong-canary-secret")
                .formParam("grant_type", "client_credentials")
                .post("/oauth2/token")
                .then()
                .statusCode(401);

        assertThat(log).anyMatch(line -> line.contains("was used again"));
        assertThat(String.join("\n", log))
                .doesNotContain(password)
                .doesNotContain("wrong-canary-secret")
                .doesNotContain(SessionsProfile.CLIENT_SECRET)
                .doesNotContain(first.refresh(), second.refresh(), third.refresh())
                .doesNotContain(first.access(), second.access(), third.access())
                .doesNotContain("$argon2id$");
    }
}
