package caravan.common.messaging;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/**
 * The JSON of messages and of stored bodies. Optional fields may be added to a contract, so unknown ones are passed
 * over; a missing required one shows where it is used.
 */
public final class Json {

    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .build();

    private Json() {}

    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass(), e);
        }
    }

    public static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass(), e);
        }
    }

    /** Throws {@link PoisonException} when the bytes are no JSON of that type. */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new PoisonException("the body is null");
            }
            return value;
        } catch (IOException e) {
            throw new PoisonException("no JSON of a " + type.getSimpleName() + ": " + fault(e));
        }
    }

    /** What is wrong and where, without what was read: it may be a card's token, and this goes into headers and logs. */
    private static String fault(IOException e) {
        String kind = e.getClass().getSimpleName();
        return switch (e) {
            case JsonMappingException mapping -> kind + " at " + mapping.getPathReference();
            case JsonProcessingException json
            when json.getLocation() != null ->
                kind + " at byte " + json.getLocation().getByteOffset();
            default -> kind;
        };
    }

    /** The same from text. */
    public static <T> T read(String json, Class<T> type) {
        try {
            return MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new PoisonException("no JSON of a " + type.getSimpleName() + ": " + fault(e));
        }
    }
}
