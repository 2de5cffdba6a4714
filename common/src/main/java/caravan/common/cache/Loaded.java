package caravan.common.cache;

import org.jspecify.annotations.Nullable;

/**
 * What the database says of a key.
 *
 * @param version grows with every write of the key; 0 when there is nothing, or nothing that is written
 * @param value null when there is nothing
 */
public record Loaded<T>(long version, @Nullable T value) {

    public Loaded {
        if (version < 0) {
            throw new IllegalArgumentException("version " + version);
        }
    }

    public static <T> Loaded<T> absent() {
        return new Loaded<>(0, null);
    }
}
