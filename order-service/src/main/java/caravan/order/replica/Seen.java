package caravan.order.replica;

import caravan.common.sql.WalPosition;
import java.util.function.Function;

/** What a read saw, and a place in the log: whatever node has that much shows the same, or newer. */
public record Seen<T>(T value, WalPosition at) {

    public <R> Seen<R> map(Function<T, R> to) {
        return new Seen<>(to.apply(value), at);
    }
}
