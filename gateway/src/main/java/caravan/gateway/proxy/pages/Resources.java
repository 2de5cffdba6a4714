package caravan.gateway.proxy.pages;

import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Files of the class path, read once and only when somebody asks. Blocks. */
final class Resources {

    private final Map<String, Buffer> loaded = new ConcurrentHashMap<>();

    Buffer get(String name) {
        return get(name, () -> read(name));
    }

    Buffer get(String name, Supplier<Buffer> load) {
        return loaded.computeIfAbsent(name, _ -> load.get());
    }

    static Buffer read(String name) {
        try (InputStream in = Thread.currentThread().getContextClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException(name);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
