package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.Credentials;
import caravan.fleet.Fleet;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** No password, token, card, client secret or mail reaches a log of any part, through success and failure. */
class SecretsScenarioIT {

    /** What a secret looks like, whoever's it is. */
    private static final List<Pattern> SHAPES = List.of(
            Pattern.compile("eyJ[A-Za-z0-9_-]{20,}"),
            Pattern.compile("\\btok_[a-z]+"),
            Pattern.compile("\\$argon2"),
            Pattern.compile("(?i)\\bbearer [A-Za-z0-9._~+/-]{16,}"),
            Pattern.compile("(?i)\\bbasic [A-Za-z0-9+/=]{16,}"),
            Pattern.compile("BEGIN (RSA )?PRIVATE KEY"));

    private static final List<String> KEYS = List.of("timestamp", "level", "logger", "message", "service");

    private final Fleet fleet = TheFleet.get();
    private final URI gateway = TheFleet.gateway();
    private final Shop visitor = Shop.visitor(gateway);
    private final Map<String, String> secrets = new LinkedHashMap<>();

    @Test
    void noSecretReachesALog() {
        ordersOfEveryStory();
        sessions();
        clients();
        brokenBodies();

        Map<String, String> found = new LinkedHashMap<>();
        logs().forEach(file -> lookInto(file, found));
        assertThat(secrets).hasSizeGreaterThan(10);
        assertThat(found).isEmpty();
    }

    @Test
    void linesForMachinesAreJsonWithTheKeysOfTheHouse() {
        String trace = UUID.randomUUID().toString().replace("-", "");
        String name = fleet.startReplica(
                "gateway", Map.of("CARAVAN_LOG_JSON", "true", "CARAVAN_GATEWAY_ORDERS_URL", "http://127.0.0.1:9"));

        // Nobody listens there, which is worth a line.
        Shop.sendOnce(TheFleet.shop()
                .at(URI.create(fleet.address(name)))
                .to("/api/v1/orders")
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-00")
                .build());
        fleet.stopReplica(name);

        List<JsonObject> lines = read(fleet.log(name))
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(JsonObject::new)
                .toList();
        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            assertThat(line.fieldNames()).containsAll(KEYS);
            assertThat(line.getString("service")).isEqualTo("gateway");
            Instant.parse(line.getString("timestamp"));
        });
        assertThat(lines)
                .anySatisfy(line -> assertThat(
                                line.getJsonObject("mdc", new JsonObject()).getString("traceId"))
                        .isEqualTo(trace));
    }

    private void ordersOfEveryStory() {
        Shop shop = TheFleet.shop();
        String canary = secret("card token", "tok_canary" + UUID.randomUUID());
        List<UUID> orders = Stream.of(
                        Shop.order(shop.sku(), 1, "GB", "tok_ok"),
                        Shop.order(shop.sku(), 1, "GB", canary),
                        Shop.order(shop.sku(), 1, "AQ", "tok_ok"),
                        Shop.order("SOLD-OUT", 1, "GB", canary),
                        Shop.order(shop.sku(), 1, "GB", "tok_slow"),
                        Shop.order(shop.sku(), 1, "GB", "tok_flaky"))
                .map(shop::place)
                .toList();
        orders.forEach(shop::awaitEnd);
        // What the mail says, which nobody else says in these words.
        secret("mail", "thank you for your order");
    }

    private void sessions() {
        Credentials.Login login = visitor.newAccount();
        secret("password", login.password());
        JsonObject first = visitor.session(login);
        secret("access token", first.getString("access_token"));
        secret("refresh token", first.getString("refresh_token"));
        String wrong = secret("wrong password", "canary wrong " + UUID.randomUUID());
        assertThat(login(login.email(), wrong).statusCode()).isEqualTo(401);
        JsonObject second =
                new JsonObject(refresh(first.getString("refresh_token")).body());
        secret("second refresh token", second.getString("refresh_token"));
        JsonObject third =
                new JsonObject(refresh(second.getString("refresh_token")).body());
        secret("third refresh token", third.getString("refresh_token"));
        // Used after its successor: the session ends, loudly.
        assertThat(refresh(first.getString("refresh_token")).statusCode()).isEqualTo(400);
        String forged = secret("forged token", "eyJhbGciOiJub25lIn0." + encode("canary" + UUID.randomUUID()) + ".");
        List.of("gateway", "order-service")
                .forEach(service -> assertThat(Shop.sendOnce(
                                        HttpRequest.newBuilder(URI.create(fleet.address(service) + "/api/v1/orders"))
                                                .header("Authorization", "Bearer " + forged)
                                                .build())
                                .statusCode())
                        .isEqualTo(401));
    }

    private void clients() {
        Credentials credentials = fleet.credentials();
        secret("client secret", credentials.client().clientSecret());
        secret("gateway secret", credentials.gatewaySecret());
        secret("cursor secret", credentials.cursorSecret());
        secret("customer's password", credentials.customer().password());
        secret("operator's password", credentials.operator().password());
        assertThat(basic(credentials.client().clientSecret()).statusCode()).isEqualTo(200);
        assertThat(basic(secret("wrong client secret", "canary" + UUID.randomUUID()))
                        .statusCode())
                .isEqualTo(401);
    }

    /** Where a fault's own words would repeat what was sent. */
    private void brokenBodies() {
        String card = secret("card in a broken body", "tok_broken" + UUID.randomUUID());
        TheFleet.shop().post(UUID.randomUUID().toString(), "{\"paymentMethod\":{\"cardToken\": " + card);
        TheFleet.shop().post(UUID.randomUUID().toString(), "{\"items\":\"" + card + "\"}");
        String topic = "payment.commands.v1";
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", fleet.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var _ = producer.send(charge(topic, "{\"orderId\":\"" + card + "\"}"));
            var _ = producer.send(charge(topic, "{\"cardToken\": " + card));
        }
        await().atMost(30, SECONDS)
                .until(() -> read(fleet.log("payment-service"))
                                .lines()
                                .filter(line -> line.contains("dead letter: " + topic))
                                .count()
                        >= 2);
    }

    private static ProducerRecord<String, byte[]> charge(String topic, String body) {
        UUID saga = UUID.randomUUID();
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, saga.toString(), body.getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", saga + ":charge-payment:do",
                        "ce_type", "charge-payment",
                        "ce_source", "test",
                        "ce_time", Instant.now().toString())
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private HttpResponse<String> login(String email, String password) {
        return visitor.send(visitor.to("/auth/login")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(new JsonObject()
                        .put("email", email)
                        .put("password", password)
                        .encode())));
    }

    private HttpResponse<String> refresh(String token) {
        return form("grant_type=refresh_token&refresh_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8), "");
    }

    private HttpResponse<String> basic(String clientSecret) {
        String credentials = encode(fleet.credentials().client().clientId() + ":" + clientSecret);
        return form("grant_type=client_credentials", secret("basic credentials " + secrets.size(), credentials));
    }

    private HttpResponse<String> form(String body, String basic) {
        HttpRequest.Builder request = visitor.to("/oauth2/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
        return visitor.send(basic.isEmpty() ? request : request.header("Authorization", "Basic " + basic));
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private String secret(String name, String value) {
        secrets.put(name, value);
        return value;
    }

    /** Of every part, also of those that other tests have started. */
    private List<Path> logs() {
        Path folder = Objects.requireNonNull(fleet.log("gateway").getParent());
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> logs = files.filter(Files::isRegularFile).toList();
            assertThat(logs)
                    .extracting(file -> String.valueOf(file.getFileName()))
                    .contains("gateway.log", "order-service.log", "payment-service.log", "saga-orchestrator.log");
            return logs;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code found}: what must not be there, by file and what it is; never the value, which the test's own log would tell. */
    private void lookInto(Path file, Map<String, String> found) {
        String text = read(file);
        secrets.forEach((name, value) -> {
            if (text.contains(value)) {
                found.put(file.getFileName() + ": " + name, "is in the log");
            }
        });
        SHAPES.stream()
                .filter(shape -> shape.matcher(text).find())
                .forEach(shape -> found.put(file.getFileName() + ": " + shape, "is in the log"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
