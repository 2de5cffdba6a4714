package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.Fleet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A drill: the card network goes away under a light load. Somebody is woken, for the right thing and for nothing else, and is told when it is over. The real Prometheus and
 * Alertmanager, with the rules of the checkout at {@link ShortenedRules#FACTOR} times their pace.
 */
class AlertDrillIT {

    private static final String PAGES = "count(ALERTS{severity=\"page\",alertstate=\"firing\"})";

    /** A young fleet is slow, and would be told so. */
    private static final int WARM_UP = 150;

    private final Fleet fleet = TheFleet.get();

    @BeforeEach
    void watchAFleetThatIsWarm() {
        String sku = TheFleet.shop().sku();
        for (int i = 0; i < WARM_UP; i++) {
            TheFleet.shop().place(Shop.order(sku, 1, "GB", "tok_ok"));
        }
        fleet.observe(ShortenedRules.into(Path.of("target", "drill").toAbsolutePath()));
    }

    /** Whoever comes next finds no order under way; and each that waited for its charge came out right. */
    @AfterEach
    void goOn() {
        cardNetwork("up");
        fleet.observeNoMore();
        assertThat(TheFleet.audited(Duration.ofMinutes(2)).examples()).isEmpty();
    }

    @Test
    @Timeout(240)
    void wakesSomebodyWhenPaymentsStandStillAndForNothingElse() {
        try (SteadyOrders _ = SteadyOrders.start()) {
            awaitCalm();
            int before = pages().size();

            cardNetwork("down");

            await().atMost(40, SECONDS)
                    .pollInterval(1, SECONDS)
                    .until(() -> said(before, "firing", "SagaLatencyBurn") > 0);
            cardNetwork("up");
            await().atMost(90, SECONDS)
                    .pollInterval(1, SECONDS)
                    .until(() ->
                            said(before, "resolved", "SagaLatencyBurn") == said(before, "firing", "SagaLatencyBurn")
                                    && PrometheusQueries.series(PAGES) == 0);

            assertThat(pages().subList(before, pages().size()))
                    .allSatisfy(line ->
                            assertThat(line).contains(" page SagaLatencyBurn ", "docs/runbooks/SagaLatencyBurn.md"));
        }
    }

    /** What is not well before the drill is no part of it: long enough for the windows to be full of what is. */
    private static void awaitCalm() {
        await().atMost(100, SECONDS)
                .during(10, SECONDS)
                .pollInterval(1, SECONDS)
                .until(() -> PrometheusQueries.series("slo:traffic:rate1h > 0.5") == 3
                        && PrometheusQueries.series(PAGES) == 0);
    }

    private long said(int before, String what, String alert) {
        return pages().stream()
                .skip(before)
                .filter(line -> line.contains(" " + what + " page " + alert + " "))
                .count();
    }

    /** What somebody would have been woken for, and told of its end. */
    private List<String> pages() {
        Path log = fleet.log("alerts");
        try {
            return Files.exists(log)
                    ? Files.readAllLines(log).stream()
                            .filter(line -> line.contains(" page "))
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void cardNetwork(String mode) {
        HttpRequest admin = HttpRequest.newBuilder(URI.create(fleet.address("card-network") + "/admin"))
                .POST(BodyPublishers.ofString("{\"mode\":\"" + mode + "\"}"))
                .build();
        assertThat(Shop.sendOnce(admin).statusCode()).isEqualTo(200);
    }
}
