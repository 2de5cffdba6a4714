package caravan.common.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import caravan.common.contract.MessageTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The wire form, pinned. A difference is a change of contract: allowed are new types and new optional fields; then {@code
 * -Dgolden=write} writes the files anew, and the review sees what changed.
 */
class GoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden");

    static Stream<Sample> samples() {
        return Sample.all();
    }

    @Test
    void hasASampleOfEveryMessage() {
        Stream<MessageTypes<?>> families = Stream.of(
                MessageTypes.ORDER_COMMANDS,
                MessageTypes.INVENTORY_COMMANDS,
                MessageTypes.PAYMENT_COMMANDS,
                MessageTypes.SHIPMENT_COMMANDS,
                MessageTypes.NOTIFICATION_COMMANDS,
                MessageTypes.REPLIES,
                MessageTypes.ORDER_EVENTS,
                MessageTypes.SAGA_EVENTS,
                MessageTypes.SAGA_RETENTION,
                MessageTypes.PRODUCT_EVENTS);

        assertThat(samples().map(Sample::name))
                .containsExactlyInAnyOrderElementsOf(families.flatMap(family -> family.all().keySet().stream())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void saysItAsEver(Sample sample) throws IOException {
        ProducerRecord<String, byte[]> record = sample.outgoing().record();
        String body = Json.MAPPER.readTree(record.value()).toPrettyString() + "\n";
        String headers = StreamSupport.stream(record.headers().spliterator(), false)
                .map(header -> header.key() + ": " + new String(header.value(), UTF_8) + "\n")
                .collect(Collectors.joining());
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(FOLDER.resolve(sample.name() + ".json"), body);
            Files.writeString(FOLDER.resolve(sample.name() + ".headers"), headers);
        }

        assertThat(body).isEqualTo(golden(sample.name() + ".json"));
        assertThat(headers).isEqualTo(golden(sample.name() + ".headers"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void understandsItAsEver(Sample sample) throws IOException {
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(
                sample.topic(),
                0,
                0,
                sample.outgoing().key(),
                golden(sample.name() + ".json").getBytes(UTF_8));
        golden(sample.name() + ".headers")
                .lines()
                .map(line -> line.split(": ", 2))
                .forEach(header -> record.headers().add(header[0], header[1].getBytes(UTF_8)));

        Received<?> received = Decoding.decode(record, sample.types());

        assertThat(received.message()).isEqualTo(sample.message());
        assertThat(received.envelope()).isEqualTo(sample.envelope());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void passesOverFieldsOfTomorrow(Sample sample) {
        String json = Json.text(sample.message());
        String tomorrow = json.equals("{}") ? "{\"new\":1}" : "{\"new\":[1],".concat(json.substring(1));

        assertThat(Json.read(tomorrow, sample.message().getClass())).isEqualTo(sample.message());
    }

    private static String golden(String name) throws IOException {
        // Not from the class path: there it would be yesterday's while the files are written anew.
        return Files.readString(FOLDER.resolve(name));
    }
}
