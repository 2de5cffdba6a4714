package caravan.fleet.bench.engine;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Messages as the services send them (protocol.md): attributes in headers, JSON as the body, the saga's id as the key. */
final class Wire {

    static final String ID = "ce_id";
    static final String TYPE = "ce_type";
    static final String TRACE = "traceparent";

    private Wire() {}

    /** With the settings of the services' own. */
    static Producer<String, byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.LINGER_MS_CONFIG,
                        1,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        64 * 1024,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        2_000),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    static ProducerRecord<String, byte[]> record(
            String topic, String saga, String id, String type, String trace, JsonObject body) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, saga, body.toBuffer().getBytes());
        put(record.headers(), "ce_specversion", "1.0");
        put(record.headers(), "content-type", "application/json");
        put(record.headers(), ID, id);
        put(record.headers(), TYPE, type);
        put(record.headers(), "ce_source", "bench");
        put(record.headers(), "ce_subject", saga);
        put(record.headers(), "ce_time", Instant.now().toString());
        put(record.headers(), TRACE, trace);
        return record;
    }

    /** A trace that nobody records: it travels as every order's does. */
    static String newTrace() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return "00-" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong()) + "-"
                + hex.toHexDigits(random.nextLong()) + "-00";
    }

    static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
