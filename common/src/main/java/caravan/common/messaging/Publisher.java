package caravan.common.messaging;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
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
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends records and says when all of them are durable (idempotent producer, {@code acks=all}).
 *
 * <p>One producer per process. The channel API is for one message at a time; here a batch is one unit, which saves a
 * message object, a metadata lookup and a stream element per record. See decision record 0003.
 */
@Singleton
public class Publisher {

    /** A record on its way, and the span of its sending. */
    private record Post(ProducerRecord<String, byte[]> record, Span span) {

        void end(@Nullable Throwable fault) {
            if (fault != null) {
                TracedWork.markFailed(span, fault);
            }
            span.end();
        }
    }

    private final Producer<String, byte[]> producer;
    private final Tracer tracer;

    @Inject
    Publisher(MessagingConfig config, BrokerLogin login, Tracer tracer) {
        this(producer(config, login), tracer);
    }

    Publisher(Producer<String, byte[]> producer, Tracer tracer) {
        this.producer = producer;
        this.tracer = tracer;
    }

    private static Producer<String, byte[]> producer(MessagingConfig config, BrokerLogin login) {
        Map<String, Object> settings = login.with(Map.of(
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
                TopicSetup.LARGEST_DEAD_LETTER));
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /**
     * Completes when the broker has all records; fails with the first fault. An empty batch completes at once.
     *
     * <p>Each message is a span {@code send <type>}, child of the context that the message has by now, and what the record carries
     * along is that span's; it ends when the broker has the record. A message that nobody records keeps its context.
     */
    public Uni<Void> send(List<Outgoing> batch) {
        return sendAll(batch, this::post);
    }

    /** As they are: in nobody's name. */
    public Uni<Void> sendRecords(Collection<ProducerRecord<String, byte[]>> records) {
        return sendAll(records, record -> new Post(record, Span.getInvalid()));
    }

    private Post post(Outgoing message) {
        Envelope envelope = message.envelope();
        if (!envelope.trace().isSampled()) {
            return new Post(message.record(), Span.getInvalid());
        }
        io.opentelemetry.context.Context cause = envelope.trace().toContext();
        SpanBuilder builder = tracer.spanBuilder("send " + envelope.type())
                .setParent(cause)
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute(SpanKeys.MESSAGE_ID, envelope.id());
        SpanKeys.messaging(builder, "send", "send", message.topic());
        SpanKeys.saga(builder, envelope.id());
        Span span = builder.startSpan();
        return new Post(message.in(TraceContext.of(cause.with(span))).record(), span);
    }

    private <T> Uni<Void> sendAll(Collection<T> items, Function<T, Post> post) {
        return items.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().emitter(emitter -> sendAll(items, post, emitter));
    }

    private <T> void sendAll(Collection<T> items, Function<T, Post> post, UniEmitter<? super Void> emitter) {
        Context context = Vertx.currentContext();
        AtomicInteger open = new AtomicInteger(items.size());
        AtomicBoolean failed = new AtomicBoolean();
        for (T item : items) {
            // A broker that is away blocks every send for MAX_BLOCK_MS: once is enough.
            if (failed.get()) {
                return;
            }
            send(post.apply(item), fault -> {
                if (fault != null && failed.compareAndSet(false, true)) {
                    backOn(context, () -> emitter.fail(fault));
                } else if (open.decrementAndGet() == 0 && !failed.get()) {
                    backOn(context, () -> emitter.complete(null));
                }
            });
        }
    }

    private void send(Post post, Consumer<@Nullable Throwable> done) {
        try {
            var _ = producer.send(post.record(), (_, fault) -> {
                post.end(fault);
                done.accept(fault);
            });
        } catch (RuntimeException e) {
            post.end(e);
            throw e;
        }
    }

    /** The producer calls back on its network thread: what follows must not run there. */
    private static void backOn(@Nullable Context context, Runnable next) {
        if (context == null) {
            next.run();
        } else {
            context.runOnContext(_ -> next.run());
        }
    }

    @Shutdown(Endings.PRODUCER)
    void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
