package caravan.saga.ops;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * The JSON of a request that need not have any. Where a method names a class, Quarkus refuses a request without a body for the want of
 * a {@code Content-Type} (415), which RFC 9110, section 8.3, does not ask of it.
 */
@Singleton
class Body {

    private final ObjectMapper mapper;

    Body(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** {@code otherwise} when there is none. What is wrong with it is told as with any other body. */
    <T> T read(byte[] body, T otherwise, Class<T> type) throws IOException {
        T read = body.length == 0 ? otherwise : mapper.readValue(body, type);
        return read == null ? otherwise : read;
    }
}
