package caravan.fleet.testing;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Callers who send anything: paths, ids, methods, headers and message types that nobody has sent before. What they make up must
 * not become a time series or stay anywhere else. The same seed makes up the same.
 */
public final class Strangers {
    private static final Duration BOUND = Duration.ofSeconds(10);
    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND");

    private final RandomGenerator random;

    public Strangers(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /**
     * Asks {@code times} times, for made-up paths and for {@code templates} with made-up ids in the place of {@code {…}}. Every
     * path is asked with every method. Answers do not matter.
     */
    public void ask(String address, List<String> templates, int times) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < times; i++) {
                String path = i % 2 == 0
                        ? "/" + anything() + "/" + anything()
                        : filled(templates.get(i / 2 % templates.size()));
                for (String method : METHODS) {
                    ask(client, method, URI.create(address + path));
                }
                ask(client, "X-" + anything().toUpperCase(java.util.Locale.ROOT), URI.create(address + path));
            }
        }
    }

    /** Sends {@code times} records that are no messages, or of a type nobody knows. Returns when the broker has them. */
    public void send(String brokers, String topic, int times) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers), new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < times; i++) {
                UUID saga = new UUID(random.nextLong(), random.nextLong());
                ProducerRecord<String, byte[]> record =
                        new ProducerRecord<>(topic, saga.toString(), bytes("{\"orderId\":\"" + saga + "\"}"));
                record.headers()
                        .add("ce_specversion", bytes("1.0"))
                        .add("ce_id", bytes(saga + ":" + anything() + ":do"))
                        .add("ce_type", bytes(anything()))
                        .add("ce_source", bytes(anything()))
                        .add("ce_time", bytes(Instant.now().toString()));
                var _ = producer.send(record);
            }
            producer.flush();
        }
    }

    private void ask(HttpClient client, String method, URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(BOUND)
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(anything()))
                .header("Authorization", "Bearer " + anything())
                .header("Idempotency-Key", anything())
                .header("X-Request-Id", anything())
                .header("Content-Type", "text/" + anything())
                .build();
        try {
            client.send(request, BodyHandlers.discarding());
        } catch (IOException _) {
            // To hang up is an answer too.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FleetException("Interrupted.", e);
        }
    }

    private String filled(String template) {
        return template.replaceAll("\\{[^}]*}", anything());
    }

    /** Letters, digits and hyphens: it fits into a path, a header and a method. */
    private String anything() {
        return "stranger-" + Long.toHexString(random.nextLong()) + "-" + random.nextInt(1_000_000);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
