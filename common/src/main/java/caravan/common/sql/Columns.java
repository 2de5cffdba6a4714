package caravan.common.sql;

import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Rows as columns: the parameters of one statement with {@code unnest}, in the order of the calls. What is no column of the rows
 * is added to the {@link #tuple} afterwards. Times are UTC. For one statement, and not thread-safe.
 */
public final class Columns<T> {

    private final List<T> rows;
    private final Tuple tuple = Tuple.tuple();

    private Columns(List<T> rows) {
        this.rows = rows;
    }

    public static <T> Columns<T> of(List<T> rows) {
        return new Columns<>(rows);
    }

    /** The first parameter is {@code scalar}, the arrays follow. */
    public static <T> Columns<T> after(Object scalar, List<T> rows) {
        Columns<T> columns = new Columns<>(rows);
        columns.tuple.addValue(scalar);
        return columns;
    }

    public Columns<T> uuid(Function<T, @Nullable UUID> column) {
        tuple.addArrayOfUUID(rows.stream().map(column).toArray(UUID[]::new));
        return this;
    }

    public Columns<T> text(Function<T, @Nullable String> column) {
        tuple.addArrayOfString(rows.stream().map(column).toArray(String[]::new));
        return this;
    }

    public Columns<T> number(ToIntFunction<T> column) {
        tuple.addArrayOfInteger(rows.stream().map(column::applyAsInt).toArray(Integer[]::new));
        return this;
    }

    public Columns<T> bigNumber(ToLongFunction<T> column) {
        tuple.addArrayOfLong(rows.stream().map(column::applyAsLong).toArray(Long[]::new));
        return this;
    }

    public Columns<T> time(Function<T, @Nullable Instant> column) {
        tuple.addArrayOfOffsetDateTime(
                rows.stream().map(column).map(Columns::utc).toArray(OffsetDateTime[]::new));
        return this;
    }

    public Tuple tuple() {
        return tuple;
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }
}
