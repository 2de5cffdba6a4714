package caravan.common.messaging;

import caravan.common.contract.MessageTypes;
import caravan.common.metric.Buckets;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.context.Scope;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Every meter of what a service consumes.
 *
 * <ul>
 *   <li>{@code messages{topic,type,outcome}}: records whose offset may be committed, handled or dead.
 *   <li>{@code message.duration{topic,type}}: from the poll until then, so that it holds the wait for the rest of the poll.
 *   <li>{@code message.age{topic}}: from {@code ce_time} until then.
 *   <li>{@code dead.letters{topic}}, {@code inbox.duplicates}.
 * </ul>
 *
 * A type that is not registered is {@code unknown}: what a record calls itself adds no series.
 */
@Singleton
public class MessageMetrics {

    private record Key(String topic, String type) {}

    private record Series(Counter handled, Counter dead, Timer duration, Timer age) {}

    private final Map<Key, Series> series = new ConcurrentHashMap<>();
    private final Map<String, Counter> deadLetters = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final Counter duplicates;

    MessageMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.duplicates = meters.counter("inbox.duplicates");
    }

    Counter duplicates() {
        return duplicates;
    }

    void handled(Received<?> received, long tookNs, Instant now) {
        Envelope envelope = received.envelope();
        Series of = series(received.record().topic(), envelope.type());
        of.handled().increment();
        if (!envelope.trace().isSampled()) {
            time(of, envelope, tookNs, now);
            return;
        }
        // An exemplar shows the trace of the record, whatever else the batch holds.
        try (Scope _ = envelope.trace().toContext().makeCurrent()) {
            time(of, envelope, tookNs, now);
        }
    }

    private static void time(Series of, Envelope envelope, long tookNs, Instant now) {
        of.duration().record(tookNs, TimeUnit.NANOSECONDS);
        Duration age = Duration.between(envelope.time(), now);
        // Two clocks may differ by more than a message takes.
        of.age().record(age.isNegative() ? Duration.ZERO : age);
    }

    void dead(ConsumerRecord<String, byte[]> record, MessageTypes<?> types, long tookNs) {
        Series of = series(record.topic(), Envelope.knownType(record.headers(), types));
        of.dead().increment();
        of.duration().record(tookNs, TimeUnit.NANOSECONDS);
    }

    /** It is on the topic of dead letters. */
    void buried(String topic) {
        deadLetters(topic).increment();
    }

    private Counter deadLetters(String topic) {
        return deadLetters.computeIfAbsent(topic, name -> meters.counter("dead.letters", "topic", name));
    }

    private Series series(String topic, String type) {
        return series.computeIfAbsent(new Key(topic, type), this::make);
    }

    private Series make(Key key) {
        // From the first record on, so that the first dead letter is an increase and not a beginning.
        deadLetters(key.topic());
        return new Series(
                messages(key, "handled"),
                messages(key, "dead"),
                Buckets.red(meters, "message.duration", "topic", key.topic(), "type", key.type()),
                Buckets.red(meters, "message.age", "topic", key.topic()));
    }

    private Counter messages(Key key, String outcome) {
        return meters.counter("messages", "topic", key.topic(), "type", key.type(), "outcome", outcome);
    }
}
