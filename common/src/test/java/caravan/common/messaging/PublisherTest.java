package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class PublisherTest {

    private static final Tracer NOBODY = TracerProvider.noop().get("test");

    @Test
    void completesWhenTheBrokerHasAll() {
        MockProducer<String, byte[]> slow =
                new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
        CompletableFuture<Void> sent = new Publisher(slow, NOBODY)
                .sendRecords(records(2))
                .subscribeAsCompletionStage()
                .toCompletableFuture();

        slow.completeNext();
        assertThat(sent).isNotDone();
        slow.completeNext();
        assertThat(sent).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void failsWithTheFirstFault() {
        MockProducer<String, byte[]> slow =
                new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
        CompletableFuture<Void> sent = new Publisher(slow, NOBODY)
                .sendRecords(records(3))
                .subscribeAsCompletionStage()
                .toCompletableFuture();

        slow.completeNext();
        slow.errorNext(new TimeoutException("30 s"));
        slow.errorNext(new TimeoutException("31 s"));

        assertThat(sent)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .havingRootCause()
                .withMessage("30 s");
    }

    /** Without metadata each send blocks for max.block.ms: a batch must not block for the sum of them. */
    @Test
    void doesNotBlockOnceMoreAfterTheBrokerWasFoundAway() {
        int[] tries = new int[1];
        MockProducer<String, byte[]> away =
                new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<String, byte[]> record, Callback callback) {
                        tries[0]++;
                        callback.onCompletion(null, new TimeoutException("no metadata after 2000 ms"));
                        return new CompletableFuture<>();
                    }
                };

        assertThatThrownBy(() -> new Publisher(away, NOBODY)
                        .sendRecords(records(256))
                        .await()
                        .atMost(Duration.ofSeconds(5)))
                .isInstanceOf(TimeoutException.class);
        assertThat(tries[0]).isEqualTo(1);
    }

    private static List<ProducerRecord<String, byte[]>> records(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ProducerRecord<>("topic", "key-" + i, new byte[0]))
                .toList();
    }
}
