package caravan.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A pod that is told to stop has the time for all that it does then. */
class StoppingTest {

    /** What a consumer has in hand (a second, see auto.commit.interval.ms), committing, and leaving the group. */
    private static final int CONSUMERS_SECONDS = 5;

    private static final int OUTBOX_SECONDS = Integer.parseInt(Sources.found(
            "common/src/main/java/caravan/common/messaging/OutboxRelay.java",
            "LAST_BATCHES = Duration\\.ofSeconds\\((\\d+)\\)"));

    private static final int PRODUCER_SECONDS = Integer.parseInt(Sources.found(
            "common/src/main/java/caravan/common/messaging/Publisher.java",
            "producer\\.close\\(Duration\\.ofSeconds\\((\\d+)\\)\\)"));

    /** What a service finishes at its end besides: a mail, a payment and the second in which its outcome is written down. */
    private static final Map<String, Integer> MORE_SECONDS = Map.of(
            "notification-service",
            Integer.parseInt(Sources.found(
                    "notification-service/src/main/java/caravan/notification/NotificationConfig.java",
                    "@WithDefault\\(\"(\\d+)s\"\\)\\s+Duration sendTimeout")),
            "payment-service",
            1
                    + Integer.parseInt(Sources.found(
                            "payment-service/src/main/java/caravan/payment/PaymentConfig.java",
                            "@WithDefault\\(\"(\\d+)s\"\\)\\s+Duration timeout")));

    @Test
    void itIsKilledLaterThanItStops() {
        assertThat(Render.PRODUCTION.workloads())
                .filteredOn(Workload::isService)
                .hasSize(7)
                .allSatisfy(service -> {
                    JsonNode pod = service.pod();
                    int quiet = pod.at("/containers/0/lifecycle/preStop/sleep/seconds")
                            .asInt();
                    Properties settings = Sources.settings(service.name());
                    int sum = quiet
                            + seconds(settings.getProperty("caravan.drain"))
                            + seconds(settings.getProperty("quarkus.shutdown.timeout"))
                            + CONSUMERS_SECONDS
                            + OUTBOX_SECONDS
                            + PRODUCER_SECONDS
                            + MORE_SECONDS.getOrDefault(service.name(), 0);
                    assertThat(pod.path("terminationGracePeriodSeconds").asInt())
                            .isGreaterThan(sum);
                });
    }

    private static int seconds(String duration) {
        var matcher = Pattern.compile("(\\d+)[sS]").matcher(duration);
        assertThat(matcher.matches()).as(duration).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
