package caravan.saga.ops;

import caravan.common.messaging.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The body of a dead letter for people: JSON as it is, anything else as base64. What pays is left out. */
final class Payload {

    private static final List<String> SECRET = List.of("cardToken");
    private static final int LONGEST = 64 * 1024;

    private Payload() {}

    static Object shown(byte[] body) {
        if (body.length > LONGEST) {
            return Map.of("bytes", body.length, "shown", "too long to be shown");
        }
        try {
            JsonNode json = Json.MAPPER.readTree(body);
            if (json != null && json.isContainerNode()) {
                hide(json);
                return json;
            }
        } catch (IOException _) {
            // No JSON: that may be why it lies here.
        }
        return Map.of("base64", Base64.getEncoder().encodeToString(body));
    }

    private static void hide(JsonNode json) {
        if (json instanceof ObjectNode object) {
            SECRET.stream().filter(object::has).forEach(name -> object.put(name, "(hidden)"));
        }
        json.forEach(Payload::hide);
    }
}
