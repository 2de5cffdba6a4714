package caravan.common.cache;

/**
 * How a value is kept in Redis. What one process writes another one reads, which may be of the version before or after: a new form needs
 * a new name of the cache.
 */
public interface Format<T> {

    byte[] write(T value);

    T read(byte[] bytes);
}
