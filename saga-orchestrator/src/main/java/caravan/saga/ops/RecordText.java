package caravan.saga.ops;

import caravan.common.messaging.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The headers of a record as a text that any database takes, whatever bytes they are, and back. */
final class RecordText {

    private record Pair(String name, @Nullable String value) {}

    private RecordText() {}

    static String write(ConsumerRecord<String, byte[]> record) {
        List<Pair> pairs = new ArrayList<>();
        for (Header header : record.headers()) {
            byte[] value = header.value();
            pairs.add(new Pair(
                    Letter.storable(header.key()),
                    value == null ? null : Base64.getEncoder().encodeToString(value)));
        }
        return Json.text(pairs);
    }

    static Headers read(String text) {
        Headers headers = new RecordHeaders();
        for (Pair pair : Json.read(text, Pair[].class)) {
            headers.add(
                    pair.name(),
                    pair.value() == null ? null : Base64.getDecoder().decode(pair.value()));
        }
        return headers;
    }
}
