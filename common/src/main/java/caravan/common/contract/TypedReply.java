package caravan.common.contract;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A reply inside another message, as {@code {"type": "<wire name>", "body": {…}}}. One of a type that only a newer build knows reads as
 * none: what else the message says is worth having.
 */
final class TypedReply {

    private TypedReply() {}

    static final class Writer extends JsonSerializer<Reply> {
        @Override
        public void serialize(Reply reply, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeStartObject();
            json.writeStringField("type", MessageTypes.nameOf(reply));
            json.writeFieldName("body");
            json.getCodec().writeValue(json, reply);
            json.writeEndObject();
        }
    }

    static final class Reader extends JsonDeserializer<Reply> {
        @Override
        public @Nullable Reply deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            ObjectCodec codec = parser.getCodec();
            JsonNode node = codec.readTree(parser);
            String type = node.path("type").asText();
            Class<? extends Reply> target = MessageTypes.REPLIES.classOf(type).orElse(null);
            return target == null ? null : codec.treeToValue(node.path("body"), target);
        }
    }
}
