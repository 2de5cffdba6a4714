package caravan.fleettests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import caravan.fleet.Credentials;
import caravan.fleet.Fleet;
import caravan.fleet.FleetOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A bad day at the console, in a real browser: payments stand still, three sagas get stuck, messages that nobody can read come in. In a fleet of its own, where an
 * undo is given up after seconds instead of minutes. Runs in the order in which an operator would do it: what is repaired stays so.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIT {

    private static final String HOSTILE =
            "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
    private static final int WIDE = 1280;
    private static final int NARROW = 400;

    /** Sagas that nobody is in a hurry about: a fleet on a busy machine. */
    private static final double SOON_MS = 60_000;

    private static Fleet fleet;
    private static Chromium chromium;
    private static Shop operator;
    private static final List<UUID> STUCK = new ArrayList<>();

    @BeforeAll
    static void breaksAFleet() {
        chromium = Chromium.start();
        fleet = Fleet.start(FleetOptions.forTests(TheFleet.emptied("console-fleet"))
                .withEnvironment("CARAVAN_GATEWAY_LIMITS_POLICY_AUTH_QUOTA", "100000")
                .withEnvironment("CARAVAN_SAGA_PLACE_ORDER_ANSWER", "2s")
                .withEnvironment("CARAVAN_SAGA_PLACE_ORDER_FINISH", "2s")
                .withEnvironment("CARAVAN_SAGA_PLACE_ORDER_BACKOFF_CAP", "2s")
                .withEnvironment("CARAVAN_SAGA_PLACE_ORDER_UNDO", "200ms")
                .traced());
        operator = Shop.login(gateway(), fleet.credentials().operator());
        Shop shop = Shop.login(gateway(), fleet.credentials().customer());
        String sku = shop.sku();
        for (int i = 0; i < 20; i++) {
            shop.awaitEnd(
                    shop.place(Shop.order(sku, 1, i % 7 == 3 ? "AQ" : "GB", i % 5 == 2 ? "tok_declined" : "tok_ok")));
        }
        sendsWhatNobodyCanRead();
        fleet.pause("payment-service");
        for (int i = 0; i < 3; i++) {
            STUCK.add(shop.place(Shop.order(sku, 1, "GB", "tok_ok")));
        }
        await().atMost(120, SECONDS).until(() -> stuck() == 3);
    }

    @AfterAll
    static void stopsIt() {
        fleet.close();
        chromium.close();
    }

    @Test
    @Order(1)
    void tellsThatAPasswordIsWrongAndWhoIsNoOperator() {
        Credentials.Login customer = fleet.credentials().customer();
        try (ConsolePage console = open(ColorScheme.LIGHT, WIDE)) {
            Locator error = console.page().getByRole(AriaRole.ALERT);

            console.login(new Credentials.Login(fleet.credentials().operator().email(), "not the password"));
            assertThat(error).hasText("Email or password is wrong.");

            console.login(customer);
            assertThat(error).containsText("This account is no operator's");
            assertThat(console.page().locator("#nav")).isHidden();
        }
    }

    @Test
    @Order(2)
    void showsWhatIsWrongAndWhatEveryFigureIs() {
        try (ConsolePage console = operatorsPage(ColorScheme.LIGHT, WIDE)) {
            Locator verdict = console.page().locator(".verdict");

            assertThat(verdict).containsText("3 sagas are stuck");
            assertThat(verdict).containsText("payment-service does not answer");
            assertThat(verdict).containsText("2 dead letters wait for a decision");
            assertThat(console.page().getByRole(AriaRole.TABLE).first()).containsText("saga-orchestrator");
            assertThat(console.page().locator("caravan-plot svg").first())
                    .hasAttribute("aria-label", Pattern.compile("Sagas ended a second.*"));
            assertThat(console.rows().filter(having("payment.commands.v1")))
                    .not()
                    .hasCount(0);
            console.screenshot("overview-light");
        }
    }

    @Test
    @Order(3)
    void findsASagaAndShowsAllThatHasHappenedToIt() {
        try (ConsolePage console = operatorsPage(ColorScheme.LIGHT, WIDE)) {
            console.at("#/sagas");
            console.page().getByLabel("State").selectOption("STUCK");
            assertThat(console.rows()).hasCount(3);
            console.page().getByLabel("Step").fill("reserve-stock");
            console.press("Enter");
            assertThat(console.page().locator("main")).containsText("Nothing is stuck.");
            console.page().getByLabel("Step").fill("charge-payment");
            console.press("Enter");
            assertThat(console.rows()).hasCount(3);
            console.screenshot("sagas-light");

            console.rows().first().getByRole(AriaRole.LINK).click();

            Locator log = console.page().locator(".timeline > li");
            assertThat(console.heading()).containsText("stuck");
            assertThat(log.first()).containsText("order-placed started");
            assertThat(log.filter(having(":reserve-stock:do:reply"))).containsText("stock-reserved");
            assertThat(log.last()).containsText("charge-payment stuck");
            assertThat(console.page().locator(".facts a"))
                    .hasAttribute("href", Pattern.compile("http://localhost:\\d+/trace/[0-9a-f]{32}"));
            console.screenshot("saga-light");
        }
    }

    /** From the login to the end of the saga without a mouse. */
    @Test
    @Order(4)
    void repairsAStuckSagaWithTheKeyboardAlone() {
        Credentials.Login login = fleet.credentials().operator();
        try (ConsolePage console = open(ColorScheme.DARK, WIDE)) {
            console.type(login.email())
                    .press("Tab")
                    .type(login.password())
                    .press("Enter")
                    .seesLive();
            console.tabTo("Stuck").press("Enter");
            assertThat(console.rows()).hasCount(3);
            console.tabTo("…").press("Enter");
            assertThat(console.heading()).containsText("stuck");

            console.tabTo("Skip").press("Enter");
            assertThat(console.dialog()).containsText("Skip this saga at charge-payment");
            console.type("refunded by hand at the bank")
                    .press("Tab")
                    .press("Tab")
                    .press("Enter");

            assertThat(console.notices()).containsText("Skip: done.");
            assertThat(console.heading()).containsText("compensated", soon());
            assertThat(console.page().locator(".timeline")).containsText("skip: “refunded by hand at the bank”");
            assertThat(console.page().locator(".timeline > li").last()).containsText("order-placed undone");
            console.screenshot("saga-dark");
        }
    }

    @Test
    @Order(5)
    void saysWhyAnOrderIsRefused() {
        try (ConsolePage console = operatorsPage(ColorScheme.LIGHT, WIDE)) {
            UUID saga = anyStuck();
            console.at("#/sagas/" + saga);
            console.button("Resume").click();

            // A colleague is faster.
            HttpResponse<String> first = operator.send(operator.to("/api/v1/ops/sagas/" + saga + "/resume")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{}")));
            console.page()
                    .getByRole(AriaRole.DIALOG)
                    .getByText("Resume", new Locator.GetByTextOptions().setExact(true))
                    .click();

            Assertions.assertThat(first.statusCode()).isEqualTo(200);
            assertThat(console.dialog()).containsText("the saga is under way: retry it");
            console.press("Escape");
            assertThat(console.heading()).containsText("undoing");
        }
        await().atMost(120, SECONDS).until(() -> stuck() == 2);
    }

    @Test
    @Order(6)
    void repairsManyAtOnceAndSeesThemEnd() {
        try (ConsolePage console = operatorsPage(ColorScheme.LIGHT, WIDE)) {
            console.at("#/sagas?state=STUCK");
            assertThat(console.rows()).hasCount(2);
            console.button("Repair all of these …").click();
            console.page().getByLabel("Reason").fill("the bank is back");
            console.button("Count").click();
            assertThat(console.page().locator(".found")).hasText("2 sagas match.");
            console.button("Do it to 2").click();
            assertThat(console.notices()).containsText("Resume: done to 2 sagas");

            fleet.resume("payment-service");

            assertThat(console.page().locator("main"))
                    .containsText(
                            "Nothing is stuck.",
                            new com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions()
                                    .setTimeout(SOON_MS));
            console.at("#/sagas?state=COMPENSATED");
            for (UUID saga : STUCK) {
                assertThat(console.page().locator("tr[data-key='" + saga + "']"))
                        .containsText(
                                "compensated",
                                new com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions()
                                        .setTimeout(SOON_MS));
            }
            console.at("#/overview");
            assertThat(console.page().locator(".verdict"))
                    .not()
                    .containsText(
                            "stuck",
                            new com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions()
                                    .setTimeout(SOON_MS));
        }
    }

    @Test
    @Order(7)
    void showsHostileTextAsTextAndDiscardsIt() {
        try (ConsolePage console = operatorsPage(ColorScheme.LIGHT, WIDE)) {
            console.at("#/dead-letters");
            assertThat(console.rows()).hasCount(2);
            console.screenshot("dead-letters-light");
            console.page().getByLabel("Cause").fill("type");
            console.page().getByLabel("Cause").fill("");
            console.rows()
                    .filter(having("inventory.commands.v1"))
                    .filter(having("onerror"))
                    .getByRole(AriaRole.LINK)
                    .click();

            assertThat(console.heading()).containsText("<img src=x");
            assertThat(console.page().locator("pre").first()).containsText("</script>");
            Assertions.assertThat(
                            console.page().locator("main img, main script").count())
                    .isZero();
            Assertions.assertThat(console.page().title()).startsWith("Dead letter");

            console.button("Discard …").click();
            console.page().getByLabel("Reason").fill("sent by a test");
            console.dialog().locator("button[type=submit]").click();
            assertThat(console.notices()).containsText("The letter is discarded.");
            assertThat(console.heading()).containsText("discarded");
            assertThat(console.page().locator(".facts")).containsText("sent by a test");
        }
    }

    /** What nobody can read comes back as another letter: the list shows that without being asked. */
    @Test
    @Order(8)
    void replaysALetterAndSeesWhatBecomesOfIt() {
        try (ConsolePage console = operatorsPage(ColorScheme.DARK, WIDE)) {
            console.at("#/dead-letters");
            assertThat(console.rows()).hasCount(1);
            String first = console.rows().first().getAttribute("data-key");
            console.button("Replay all of these …").click();
            console.button("Count").click();
            assertThat(console.page().locator(".found")).containsText("1 letter matches");
            console.button("Do it to 1").click();
            assertThat(console.notices()).containsText("1 letter is on the way back.");

            assertThat(console.page().locator("tbody tr:not([data-key='" + first + "'])"))
                    .hasCount(1);
            console.at("#/dead-letters/" + first);
            assertThat(console.heading()).containsText("replayed");
            console.at("#/dead-letters");
            console.screenshot("dead-letters-dark");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    @Order(9)
    void fitsASmallScreenAndIsAccessibleInEveryView(ColorScheme colours) {
        String saga = "#/sagas/" + STUCK.getFirst();
        String letter = "#/dead-letters/" + newestLetter();
        for (int width : new int[] {WIDE, NARROW}) {
            try (ConsolePage console = operatorsPage(colours, width)) {
                for (String view : List.of("#/overview", "#/sagas", saga, "#/dead-letters?state=ANY", letter)) {
                    console.at(view);
                    assertThat(console.page()
                                    .locator("main tbody tr, main .facts div")
                                    .first())
                            .isVisible();
                    console.fits();
                    console.isAccessible();
                    if (width == NARROW && view.equals(saga) && colours == ColorScheme.DARK) {
                        console.screenshot("saga-narrow");
                    }
                }
                console.at("#/overview");
                assertThat(console.page().locator("tbody tr").first()).isVisible();
                if (width == NARROW || colours == ColorScheme.DARK) {
                    console.screenshot("overview-" + (width == NARROW ? "narrow-" : "")
                            + colours.name().toLowerCase(Locale.ROOT));
                }
                console.at(saga);
                console.button("Log out").click();
                assertThat(console.heading()).hasText("Log in");
                console.isAccessible();
            }
        }
    }

    /** What it does not know it says; the rest is there, and live. */
    @Test
    @Order(10)
    void goesOnWhileTheOrchestratorIsAway() {
        try (ConsolePage console = operatorsPage(ColorScheme.LIGHT, WIDE)) {
            Locator verdict = console.page().locator(".verdict");

            fleet.kill("saga-orchestrator");

            assertThat(verdict).containsText("saga-orchestrator does not answer");
            assertThat(console.page().locator("#live")).hasText("live");
            assertThat(verdict).not().containsText("saga-orchestrator", soon());
        }
        fleet.awaitReady("saga-orchestrator", Duration.ofMinutes(2));
    }

    @Test
    @Order(11)
    void saysThatItIsNotLiveAndIsAgainAsSoonAsTheGatewayIs() {
        try (ConsolePage console = operatorsPage(ColorScheme.LIGHT, WIDE).whichMayLoseTheGateway()) {
            fleet.kill("gateway");

            assertThat(console.page().locator("#live")).containsText("not live, tries again");
            assertThat(console.page().locator("#live")).hasText("live", new HasTextOptions().setTimeout(SOON_MS));
        }
    }

    private static Locator.FilterOptions having(String text) {
        return new Locator.FilterOptions().setHasText(text);
    }

    private static ContainsTextOptions soon() {
        return new ContainsTextOptions().setTimeout(SOON_MS);
    }

    private static ConsolePage operatorsPage(ColorScheme colours, int width) {
        return open(colours, width).login(fleet.credentials().operator()).seesLive();
    }

    private static ConsolePage open(ColorScheme colours, int width) {
        return ConsolePage.open(chromium.browser(), gateway(), colours, width);
    }

    private static URI gateway() {
        return URI.create(fleet.address("gateway"));
    }

    private static int stuck() {
        return sagas("STUCK").size();
    }

    private static List<JsonObject> sagas(String state) {
        return items("/api/v1/ops/sagas?state=" + state);
    }

    private static UUID anyStuck() {
        return UUID.fromString(sagas("STUCK").getFirst().getString("id"));
    }

    private static String newestLetter() {
        return items("/api/v1/ops/dead-letters").getFirst().getString("id");
    }

    private static List<JsonObject> items(String path) {
        return new JsonObject(operator.get(path).body())
                .getJsonArray("items").stream().map(JsonObject.class::cast).toList();
    }

    /** One says so in its type and its body what it would do to a page; the other is no text at all. */
    private static void sendsWhatNobodyCanRead() {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", fleet.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var _ = producer.send(poison("inventory.commands.v1", HOSTILE, HOSTILE.getBytes(StandardCharsets.UTF_8)));
            var _ = producer.send(poison("shipment.commands.v1", "arrange-shipment", new byte[] {0, (byte) 0xff, 7}));
        }
        await().atMost(30, SECONDS)
                .until(() -> items("/api/v1/ops/dead-letters").size() == 2);
    }

    private static ProducerRecord<String, byte[]> poison(String topic, String type, byte[] body) {
        String saga = UUID.randomUUID().toString();
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, saga, body);
        Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        saga + ":reserve-stock:do",
                        "ce_type",
                        type,
                        "ce_source",
                        "test",
                        "ce_time",
                        Instant.now().toString())
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }
}
