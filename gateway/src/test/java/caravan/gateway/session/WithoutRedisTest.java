package caravan.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import caravan.fleet.testing.Backends;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** Redis is down from the start. */
@QuarkusTest
@TestProfile(SessionsProfile.WithoutRedis.class)
@WithTestResource(Backends.class)
class WithoutRedisTest {

    @Inject
    MeterRegistry meters;

    @Test
    void logsInRotatesAndLogsOut() {
        Api.Tokens first = Api.login();
        Api.Tokens second = Api.tokens(Api.refresh(first.refresh()));
        Api.Tokens third = Api.tokens(Api.refresh(second.refresh()));

        Api.logout(third.refresh()).then().statusCode(204);

        Api.refresh(third.refresh()).then().statusCode(400).body("error", is("invalid_grant"));
    }

    @Test
    void findsReuseAndCountsThatRedisDidNotHearOfIt() {
        double before = meters.counter("session.deny.mark.failures").count();
        Api.Tokens first = Api.login();
        Api.Tokens second = Api.tokens(Api.refresh(first.refresh()));
        Api.tokens(Api.refresh(second.refresh()));

        Api.refresh(first.refresh()).then().statusCode(400).body("error", is("invalid_grant"));

        assertThat(meters.counter("session.deny.mark.failures").count()).isGreaterThan(before);
        Api.refresh(second.refresh()).then().statusCode(400);
    }
}
