package caravan.common.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.common.contract.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private static final String ID = "0198c0de-0000-7000-8000-00000000000a:charge-payment:do";

    private final ConsumerRecord<String, byte[]> letter =
            new ConsumerRecord<>(Topics.deadLetters(Topics.PAYMENT_COMMANDS), 0, 0, "key", "body".getBytes(UTF_8));

    @Test
    void isTheSameMessageWhereItCameFrom() {
        say("ce_id", ID);
        say("dead-topic", Topics.PAYMENT_COMMANDS);
        say("dead-cause", "a bug that is mended");

        ProducerRecord<String, byte[]> back = Replay.of(letter, TraceContext.NONE);

        assertThat(back.topic()).isEqualTo(Topics.PAYMENT_COMMANDS);
        assertThat(back.key()).isEqualTo("key");
        assertThat(back.value()).isEqualTo(letter.value());
        assertThat(back.headers()).extracting(Header::key).containsExactly("ce_id");
        assertThat(back.headers().lastHeader("ce_id").value()).asString().isEqualTo(ID);
    }

    @Test
    void isNotPossibleForWhatNamesNoTopic() {
        say("ce_id", ID);

        assertThatThrownBy(() -> Replay.of(letter, TraceContext.NONE)).isInstanceOf(PoisonException.class);
    }

    private void say(String header, String value) {
        letter.headers().add(header, value.getBytes(UTF_8));
    }
}
