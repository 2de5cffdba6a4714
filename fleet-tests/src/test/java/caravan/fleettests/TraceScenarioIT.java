package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import caravan.fleet.Fleet;
import caravan.fleet.FleetOptions;
import caravan.fleet.Ports;
import caravan.fleet.trace.Span;
import caravan.fleet.trace.Trace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One order is one trace. In a fleet of its own, which records everything. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TraceScenarioIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    /** A service may still grow into its heap, which the collector of garbage leaves it; a queue of 2,048 spans is some megabytes. */
    private static final long MOST_KEPT = 64L * 1024 * 1024;

    private static final long PAGE = 4096;

    private static Fleet fleet;
    private static Shop shop;
    private static Shop operator;

    @BeforeAll
    static void startsATracedFleet() {
        fleet = Fleet.start(FleetOptions.forTests(TheFleet.emptied("traced-fleet"))
                .withEnvironment("CARAVAN_GATEWAY_LIMITS_POLICY_AUTH_QUOTA", "100000")
                .traced());
        shop = Shop.login(gateway(), fleet.credentials().customer());
        operator = Shop.login(gateway(), fleet.credentials().operator());
    }

    @AfterAll
    static void stopsIt() {
        fleet.close();
    }

    @ParameterizedTest
    @CsvSource({
        "approved, '', GB, tok_ok",
        "stock-unavailable, SOLD-OUT, GB, tok_ok",
        "card-declined, '', GB, tok_declined",
        "undeliverable, '', AQ, tok_ok",
        "card-network-flaky, '', GB, tok_flaky"
    })
    void tellsTheWholeStoryOfAnOrder(String story, String sku, String country, String card) throws IOException {
        UUID order = shop.place(Shop.order(sku.isEmpty() ? shop.sku() : sku, 2, country, card));

        assertGraph(order, story);

        Trace trace = ownTrace(order);
        assertThat(trace.orphans()).isEmpty();
        assertThat(trace.id()).isEqualTo(shop.view(order).getString("traceId"));
        assertThat(trace.spans())
                .filteredOn(span -> span.kind() == Span.Kind.CONSUMER)
                .allSatisfy(span -> {
                    assertThat(span.attribute("messaging.system")).isEqualTo("kafka");
                    assertThat(span.attribute(Span.ORDER)).isEqualTo(order.toString());
                    assertLinkedWithItsPoll(span);
                });
        assertThat(trace.spans().stream().filter(span -> span.service().equals("saga-orchestrator")))
                .filteredOn(span -> span.kind() == Span.Kind.CONSUMER)
                .allSatisfy(span -> {
                    assertThat(span.attribute("saga.id")).isEqualTo(order.toString());
                    assertThat(span.attribute("saga.type")).isEqualTo("place-order");
                });
    }

    @Test
    void tellsOfACancelledOrderInItsTraceAndNamesTheRequest() throws IOException {
        UUID order = shop.place(Shop.order(shop.sku(), 2, "GB", "tok_ok"));
        assertGraph(order, "approved");

        HttpResponse<String> answer = cancel(order);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertGraph(order, "cancelled");
        Trace trace = ownTrace(order);
        Span cancelling = named(trace, "cancel order").getFirst();
        Trace request =
                fleet.traces().find(cancelling.links().getFirst().traceId()).orElseThrow();
        assertThat(request.id()).isNotEqualTo(trace.id());
        assertThat(request.orphans()).isEmpty();
        assertThat(fleet.traces().ofOrder(order)).extracting(Trace::id).containsExactly(trace.id(), request.id());
        assertThat(request.spans())
                .filteredOn(span -> span.service().equals("order-service"))
                .singleElement()
                .satisfies(span -> assertThat(span.links())
                        .containsExactly(new Span.Link(trace.id(), cancelling.id(), "request")));
        assertThat(trace.spans())
                .filteredOn(span -> span.name().equals("process release-stock"))
                .isNotEmpty();
    }

    /** Its participant is silent for longer than the step's deadline. */
    @Test
    void keepsATimersCommandInTheOrdersTraceAndLinksItToTheFirst() {
        fleet.pause("notification-service");
        UUID order = shop.place(Shop.order(shop.sku(), 1, "GB", "tok_ok"));
        Span deadline;
        try {
            deadline = await().atMost(SOON)
                    .until(() -> spans(order, "deadline send-confirmation"), found -> !found.isEmpty())
                    .getFirst();
        } finally {
            fleet.resume("notification-service");
        }

        Trace trace = await().atMost(60, SECONDS)
                .until(
                        () -> ownTrace(order),
                        seen -> named(seen, "process confirmation-sent").size() >= 2);
        Span cause = named(trace, "process order-approved").getFirst();
        assertThat(deadline.kind()).isEqualTo(Span.Kind.INTERNAL);
        assertThat(deadline.parentId())
                .isEqualTo(named(trace, "process order-placed").getFirst().id());
        assertThat(deadline.links()).containsExactly(new Span.Link(trace.id(), cause.id(), "timer"));
        assertThat(trace.children(deadline)).extracting(Span::name).contains("send send-confirmation");
    }

    @Test
    void tellsInTheSendersTraceThatItsRecordIsPutAside() {
        String traceId = UUID.randomUUID().toString().replace("-", "");
        String key = UUID.randomUUID().toString();
        ProducerRecord<String, byte[]> poison = new ProducerRecord<>(
                "inventory.commands.v1", key, "no JSON, but tok_secret".getBytes(StandardCharsets.UTF_8));
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", key + ":reserve-stock:do",
                        "ce_type", "reserve-stock",
                        "ce_source", "test",
                        "ce_time", "2026-01-01T00:00:00Z",
                        "traceparent", "00-" + traceId + "-00f067aa0ba902b7-01")
                .forEach((name, value) -> poison.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", fleet.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            var _ = producer.send(poison);
        }

        Trace trace = await().atMost(SOON)
                .until(
                        () -> fleet.traces().find(traceId),
                        found -> found.isPresent() && found.get().spans().size() == 2)
                .orElseThrow();

        Span tried = named(trace, "process reserve-stock").getFirst();
        assertThat(tried.parentId()).isEqualTo("00f067aa0ba902b7");
        assertThat(tried.status()).isEqualTo("PoisonException");
        assertThat(trace.children(tried)).extracting(Span::name).containsExactly("dead-letter inventory.commands.v1");
        assertThat(trace.spans().toString()).doesNotContain("tok_secret");
    }

    /** A participant that cannot handle it, until somebody repairs that and sends it back. */
    @Test
    void keepsWhatFailedThreeTimesAndCameBackInTheOrdersTrace() throws Exception {
        Tables.run(fleet, "shipments", """
                create function broken() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$;
                create trigger broken before insert on shipments for each row execute function broken()""");
        UUID order;
        JsonObject letter;
        try {
            order = shop.place(Shop.order(shop.sku(), 2, "GB", "tok_ok"));
            letter = await().atMost(SOON).until(() -> letterOf(order), Objects::nonNull);
        } finally {
            Tables.run(fleet, "shipments", "drop function broken() cascade");
        }

        HttpResponse<String> answer =
                operator.send(operator.to("/api/v1/ops/dead-letters/" + letter.getString("id") + "/replay")
                        .POST(BodyPublishers.noBody()));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertGraph(order, "replayed");
        Trace trace = ownTrace(order);
        assertThat(trace.orphans()).isEmpty();
        Span again = named(trace, "process arrange-shipment").stream()
                .filter(span ->
                        span.links().stream().anyMatch(link -> link.why().equals("replay")))
                .findFirst()
                .orElseThrow();
        assertThat(again.attribute("messaging.message.id")).isEqualTo(order + ":arrange-shipment:do");
        Trace replaying = fleet.traces().find(link(again, "replay").traceId()).orElseThrow();
        assertThat(replaying.orphans()).isEmpty();
        assertThat(replaying.spans())
                .filteredOn(span -> span.service().equals("gateway") && span.kind() == Span.Kind.SERVER)
                .extracting(Span::name)
                .containsExactly("POST /api/v1/ops/dead-letters/{id}/replay");
    }

    /** Null until it is there. */
    private static @Nullable JsonObject letterOf(UUID order) {
        JsonObject page = new JsonObject(
                operator.get("/api/v1/ops/dead-letters?state=open").body());
        return page.getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(letter -> order.toString().equals(letter.getString("sagaId")))
                .findFirst()
                .orElse(null);
    }

    /** Refused at the edge, by a service, or for want of a token. */
    @ParameterizedTest
    @CsvSource({"/api/v1/orders, 401", "/nowhere, 404", "/api/v1/products/no-such, 404", "/api/v1/products?limit=x, 4.."
    })
    void namesInEveryProblemTheTraceToLookFor(String path, String status) {
        String traceId = UUID.randomUUID().toString().replace("-", "");
        Shop visitor = Shop.visitor(gateway());

        HttpResponse<String> answer =
                visitor.send(visitor.to(path).header("traceparent", "00-" + traceId + "-00f067aa0ba902b7-00"));

        assertThat(String.valueOf(answer.statusCode())).matches(status);
        assertThat(new JsonObject(answer.body()).getString("traceId")).isEqualTo(traceId);
        // Whatever the caller says of sampling.
        await().atMost(SOON).until(() -> fleet.traces().find(traceId).isPresent());
    }

    @Test
    void recordsNoProbe() {
        assertThat(fleet.traces().newest(1_000))
                .flatExtracting(Trace::spans)
                .noneMatch(span -> span.attribute("url.path").startsWith("/q/"))
                .noneMatch(span -> span.attribute("url.path").startsWith("/internal/"));
    }

    @Test
    void losesNothingButSpansWhenNobodyTakesThem() throws IOException {
        String lonely = fleet.startReplica("gateway", Map.of("CARAVAN_TRACE_ENDPOINT", "http://127.0.0.1:1"));
        try {
            Shop there = shop.at(URI.create(fleet.address(lonely)));
            String body = Shop.order(shop.sku(), 1, "GB", "tok_ok").encode();
            for (int i = 0; i < 100; i++) {
                HttpResponse<String> answer = there.post(UUID.randomUUID().toString(), body);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            }
            // Long enough for several batches to be given up.
            await().atMost(SOON).until(() -> lines(lonely, "Failed to export") > 0);
            Shop.patience(Duration.ofSeconds(5));

            assertThat(lines(lonely, "Failed to export")).isEqualTo(1);
        } finally {
            fleet.stopReplica(lonely);
        }
    }

    /** Under load, and both at once: what is kept for them is bounded. The last, since there are no traces afterwards. */
    @Test
    @Order(Integer.MAX_VALUE)
    void goesOnWhenCollectorAndPrometheusGo() throws IOException {
        fleet.observe(ShortenedRules.into(Path.of("target", "onlookers").toAbsolutePath()));
        String body = Shop.order(shop.sku(), 1, "GB", "tok_ok").encode();
        CompletableFuture<List<Traffic.Sample>> load = Traffic.alongside(
                5, Duration.ofSeconds(60), _ -> shop.placing(UUID.randomUUID().toString(), body));
        Shop.patience(Duration.ofSeconds(25));
        Map<String, Long> before = resident();
        assertExemplarsLeadToTraces();

        fleet.traces().close();
        fleet.observeNoMore();

        List<Traffic.Sample> samples = load.join();
        assertThat(Traffic.count(samples, 202)).isEqualTo(samples.size()).isEqualTo(300);
        assertThat(resident())
                .allSatisfy((part, bytes) -> assertThat(bytes - before.getOrDefault(part, bytes))
                        .as("what %s has come to need in half a minute", part)
                        .isLessThan(MOST_KEPT));
    }

    /** From a dot on a dashboard to the order behind it. */
    private static void assertExemplarsLeadToTraces() {
        for (String histogram : List.of("saga_duration_seconds_bucket", "http_request_duration_seconds_bucket")) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(exemplars(histogram))
                            .as(histogram)
                            .isNotEmpty()
                            .allSatisfy(
                                    id -> assertThat(fleet.traces().find(id)).isPresent()));
        }
    }

    /** Ids of traces. */
    private static List<String> exemplars(String histogram) {
        Instant now = Instant.now();
        URI query = URI.create("%s/api/v1/query_exemplars?query=%s&start=%d&end=%d"
                .formatted(
                        fleet.address("prometheus"),
                        histogram,
                        now.minusSeconds(60).getEpochSecond(),
                        now.plusSeconds(60).getEpochSecond()));
        return new JsonObject(
                        Shop.sendOnce(HttpRequest.newBuilder(query).build()).body())
                .getJsonArray("data").stream()
                        .flatMap(series -> ((JsonObject) series).getJsonArray("exemplars").stream())
                        .map(exemplar ->
                                ((JsonObject) exemplar).getJsonObject("labels").getString("trace_id"))
                        .toList();
    }

    /** Bytes of memory that each service holds. */
    private static Map<String, Long> resident() throws IOException {
        JsonArray parts = new JsonObject(Files.readString(Path.of("target", "traced-fleet", "run", "state.json")))
                .getJsonArray("parts");
        Map<String, Long> resident = new HashMap<>();
        for (JsonObject part : parts.stream().map(JsonObject.class::cast).toList()) {
            if (Ports.SERVICES.contains(part.getString("name"))) {
                Path statm = Path.of("/proc", part.getLong("pid").toString(), "statm");
                String pages = Files.readString(statm).split(" ", -1)[1];
                resident.put(part.getString("name"), Long.parseLong(pages) * PAGE);
            }
        }
        assertThat(resident).hasSize(Ports.SERVICES.size());
        return resident;
    }

    private static void assertGraph(UUID order, String story) throws IOException {
        String expected = golden(story);
        try {
            await().atMost(SOON).until(() -> SpanGraph.of(ownTrace(order)).equals(expected));
        } catch (org.awaitility.core.ConditionTimeoutException _) {
            assertThat(SpanGraph.of(ownTrace(order))).isEqualTo(expected);
        }
    }

    /** Both ways: from the batch to its records and back. */
    private static void assertLinkedWithItsPoll(Span span) {
        Span.Link poll = link(span, "poll");
        Trace batch = await().atMost(SOON)
                .until(() -> fleet.traces().find(poll.traceId()), Optional::isPresent)
                .orElseThrow();
        assertThat(batch.spans()).singleElement().satisfies(one -> {
            assertThat(one.name()).isEqualTo("poll " + span.attribute("messaging.destination.name"));
            assertThat(one.links()).extracting(Span.Link::spanId).contains(span.parentId());
        });
    }

    private static Span.Link link(Span span, String why) {
        return span.links().stream()
                .filter(link -> link.why().equals(why))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + why + ": " + span));
    }

    private static String golden(String story) throws IOException {
        try (InputStream text = TraceScenarioIT.class.getResourceAsStream("/traces/" + story + ".txt")) {
            if (text == null) {
                throw new IOException("no /traces/" + story + ".txt");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The one that began with the order; empty until something of it has come. */
    private static Trace ownTrace(UUID order) {
        List<Trace> found = fleet.traces().ofOrder(order);
        return found.isEmpty() ? new Trace("", List.of()) : found.getFirst();
    }

    private static List<Span> spans(UUID order, String name) {
        return named(ownTrace(order), name);
    }

    private static List<Span> named(Trace trace, String name) {
        return trace.spans().stream().filter(span -> span.name().equals(name)).toList();
    }

    private static HttpResponse<String> cancel(UUID order) {
        HttpRequest.Builder request = shop.to("/api/v1/orders/" + order + "/cancel")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(new JsonObject().encode()));
        return shop.send(request);
    }

    private static long lines(String part, String text) throws IOException {
        Path log = fleet.log(part);
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    private static URI gateway() {
        return URI.create(fleet.address("gateway"));
    }
}
