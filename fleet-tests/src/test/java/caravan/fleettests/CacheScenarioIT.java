package caravan.fleettests;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What customers see of the catalogue while Redis is flushed, killed and started again. */
class CacheScenarioIT {

    private static final int READERS = 4;
    private static final int EDITS = 10;
    private static final Duration BETWEEN_EDITS = Duration.ofMillis(300);

    private final Shop operator =
            Shop.login(TheFleet.gateway(), TheFleet.get().credentials().operator());
    private final String sku = "CACHED-" + UUID.randomUUID().toString().toUpperCase(java.util.Locale.ROOT);
    private final String path = "/api/v1/products/" + sku;

    /** When the edit to each price was answered; price 1 is the first. */
    private final List<Long> editedNs = new ArrayList<>();

    private final AtomicInteger addresses = new AtomicInteger();

    private record Read(int status, int price, int ageSeconds, long askedNs) {}

    @BeforeEach
    void create() {
        edit();
    }

    @Test
    void failsNobodyAndShowsNoPriceThatIsOlderThanItSays() {
        AtomicBoolean over = new AtomicBoolean();
        Queue<Read> reads = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(CompletableFuture.runAsync(
                    () -> readUntil(over, reads), work -> Thread.ofPlatform().start(work)));
        }

        edits();
        flushRedis();
        edits();
        TheFleet.get().kill("redis");
        edits();
        TheFleet.get().awaitReady("redis", Duration.ofSeconds(30));
        edits();

        over.set(true);
        readers.forEach(CompletableFuture::join);
        System.out.printf(
                "%d reads beside %d edits, Redis flushed and killed; oldest %d s%n",
                reads.size(),
                editedNs.size(),
                reads.stream().mapToInt(Read::ageSeconds).max().orElse(0));
        assertThat(reads).extracting(Read::status).containsOnly(200);
        assertThat(reads.size()).isGreaterThan(100);
        assertThat(reads).allSatisfy(read -> {
            if (read.price() < editedNs.size()) {
                Duration superseded = Duration.ofNanos(read.askedNs() - editedNs.get(read.price()));
                // What was read for this answer says nothing of its age below a second.
                assertThat(superseded).as("%s", read).isLessThan(Duration.ofSeconds(Math.max(1, read.ageSeconds())));
            }
        });
        // And it ends well: what was edited while Redis was away is seen within the limit.
        await().atMost(60, SECONDS).until(() -> read().price() == editedNs.size());
    }

    @Test
    void countsWhatIsLookedAt() {
        for (int i = 0; i < 30; i++) {
            assertThat(read().status()).isEqualTo(200);
        }

        await().atMost(90, SECONDS).pollInterval(Duration.ofSeconds(1)).until(() -> top().contains(sku));
    }

    private void readUntil(AtomicBoolean over, Queue<Read> reads) {
        while (!over.get()) {
            reads.add(read());
        }
    }

    /** From an address of its own each time: the limits are not what is looked at here. */
    private Read read() {
        int address = addresses.incrementAndGet();
        long askedNs = System.nanoTime();
        HttpResponse<String> answer = Shop.visitor(TheFleet.gateway())
                .send(Shop.visitor(TheFleet.gateway())
                        .to(path)
                        .header("X-Forwarded-For", "198.18.%d.%d".formatted(address / 250 % 250, address % 250))
                        .GET());
        int price = answer.statusCode() == 200
                ? new JsonObject(answer.body()).getJsonObject("price").getInteger("amountMinor")
                : 0;
        return new Read(
                answer.statusCode(),
                price,
                Math.toIntExact(answer.headers().firstValueAsLong("Age").orElse(0)),
                askedNs);
    }

    private String top() {
        return Shop.visitor(TheFleet.gateway())
                .get("/api/v1/products/top?limit=100")
                .body();
    }

    private void edits() {
        for (int i = 0; i < EDITS; i++) {
            edit();
            Shop.patience(BETWEEN_EDITS);
        }
    }

    private void edit() {
        JsonObject body = new JsonObject()
                .put("name", "Cached")
                .put(
                        "price",
                        new JsonObject().put("amountMinor", editedNs.size() + 1).put("currency", "EUR"));
        var request = operator.to(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body.encode()));
        if (!editedNs.isEmpty()) {
            request.header("If-Match", "*");
        }
        HttpResponse<String> answer = operator.send(request);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        editedNs.add(System.nanoTime());
    }

    private static void flushRedis() {
        try (Socket socket = new Socket()) {
            URI gateway = TheFleet.gateway();
            socket.connect(new java.net.InetSocketAddress(gateway.getHost(), redisPort()), 1_000);
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("FLUSHALL\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(3), StandardCharsets.US_ASCII))
                    .isEqualTo("+OK");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static int redisPort() throws IOException {
        Path state = Path.of("target", "fleet", "run", "state.json").toAbsolutePath();
        return new JsonObject(Files.readString(state))
                .getJsonArray("parts").stream()
                        .map(JsonObject.class::cast)
                        .filter(part -> part.getString("name").equals("redis"))
                        .findFirst()
                        .orElseThrow()
                        .getJsonArray("ports")
                        .getInteger(0);
    }
}
