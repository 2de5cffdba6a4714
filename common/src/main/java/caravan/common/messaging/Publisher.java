package caravan.common.messaging;

import io.quarkus.runtime.Shutdown;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends records and says when all of them are durable (idempotent producer, {@code acks=all}).
 *
 * <p>One producer per process. The channel API is for one message at a time; here a batch is one unit, which saves a
 * message object, a metadata lookup and a stream element per record. See decision record 0003.
 */
@Singleton
public class Publisher {

    private final Producer<String, byte[]> producer;

    @Inject
    Publisher(MessagingConfig config) {
        this(new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        config.bootstrapServers(),
                        ProducerConfig.CLIENT_ID_CONFIG,
                        config.instance(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        // Idempotence is on by default with acks=all. One request at a time: a batch that met a new
                        // partition before its leader was ready must not be overtaken by the next, or the broker
                        // refuses both for ever (OUT_OF_ORDER_SEQUENCE_NUMBER, seen).
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4",
                        ProducerConfig.LINGER_MS_CONFIG,
                        (int) config.linger().toMillis(),
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        64 * 1024,
                        // A send must not hold an event loop for the default minute when the broker is away.
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        2_000,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        16L * 1024 * 1024,
                        // The largest record that a broker takes by default, and what a dead letter says besides.
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        TopicSetup.LARGEST_DEAD_LETTER),
                new StringSerializer(),
                new ByteArraySerializer()));
    }

    Publisher(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    /** Completes when the broker has all records; fails with the first fault. An empty batch completes at once. */
    public Uni<Void> send(List<Outgoing> batch) {
        return sendRecords(batch.stream().map(Outgoing::record).toList());
    }

    Uni<Void> sendRecords(Collection<ProducerRecord<String, byte[]>> records) {
        if (records.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom().emitter(emitter -> send(records, emitter));
    }

    private void send(Collection<ProducerRecord<String, byte[]>> records, UniEmitter<? super Void> emitter) {
        Context context = Vertx.currentContext();
        AtomicInteger open = new AtomicInteger(records.size());
        AtomicBoolean failed = new AtomicBoolean();
        for (ProducerRecord<String, byte[]> record : records) {
            // A broker that is away blocks every send for MAX_BLOCK_MS: once is enough.
            if (failed.get()) {
                return;
            }
            var _ = producer.send(record, (_, fault) -> {
                if (fault != null && failed.compareAndSet(false, true)) {
                    backOn(context, () -> emitter.fail(fault));
                } else if (open.decrementAndGet() == 0 && !failed.get()) {
                    backOn(context, () -> emitter.complete(null));
                }
            });
        }
    }

    /** The producer calls back on its network thread: what follows must not run there. */
    private static void backOn(@org.jspecify.annotations.Nullable Context context, Runnable next) {
        if (context == null) {
            next.run();
        } else {
            context.runOnContext(_ -> next.run());
        }
    }

    @Shutdown
    void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
