package caravan.order.replica;

import caravan.common.sql.WalPosition;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A select that either node can answer, and that also tells where the node is. It is one statement, so that a read costs one
 * trip; its rows come in the order that the select gives them.
 *
 * <p>Why the place is not before what was seen. On the primary a commit is visible when its record is flushed, and a
 * function is called after the statement's snapshot was taken. On a replica a commit is visible while its record is being replayed, a
 * moment before {@code pg_last_wal_replay_lsn} has moved past it; but nothing is replayed that was not received, and that
 * position has moved by then. A replica that reads its log from elsewhere has none, and so does not count as one.
 *
 * @param <T> a row
 */
public final class Select<T> {

    /** The rows; null when the node does not have yet what was asked for. */
    record Answer<T>(@Nullable List<T> rows, WalPosition at) {}

    private final String onPrimary;
    private final String onReplica;
    private final Function<Row, T> read;

    /**
     * @param sql with {@code parameters} of them, and no column named node_at, node_has_it or row_there
     * @param read a row of it
     */
    public Select(String sql, int parameters, Function<Row, T> read) {
        this.onPrimary = onPrimary(sql);
        this.onReplica = onReplica(sql, parameters + 1);
        this.read = read;
    }

    private static String onPrimary(String sql) {
        return """
                with node as materialized (select pg_current_wal_flush_lsn()::text as at)
                select node.at as node_at, true as node_has_it, r.*
                from node left join lateral (select true as row_there, q.* from (%s) q) r on true""".formatted(sql);
    }

    /**
     * That it has what the token names is known before it is asked. This is asked once more: the server may be another one than
     * the watch has looked at, or the same one again after a crash, with less than it had. Alone it would not do: the
     * function is called after the snapshot was taken, and may already see more. Materialized, it is called once for all rows; with
     * "offset 0" nothing is looked at where the answer is no.
     */
    private static String onReplica(String sql, int token) {
        return """
                with node as materialized (
                  select greatest(pg_last_wal_replay_lsn(), pg_last_wal_receive_lsn())::text as at,
                    pg_last_wal_receive_lsn() is not null
                      and pg_last_wal_replay_lsn() >= $%d::text::pg_lsn as has_it)
                select node.at as node_at, node.has_it as node_has_it, r.*
                from node
                left join lateral (select true as row_there, q.* from (%s) q where node.has_it offset 0) r on true""".formatted(token, sql);
    }

    /** The statement as the primary gets it. */
    public String onPrimary() {
        return onPrimary;
    }

    /** The statement as the replica gets it; its last parameter is the position that it must have, as text. */
    public String onReplica() {
        return onReplica;
    }

    Answer<T> answer(RowSet<Row> rows) {
        Row first = rows.iterator().next();
        String at = first.getString("node_at");
        if (at == null || !Boolean.TRUE.equals(first.getBoolean("node_has_it"))) {
            return new Answer<>(null, WalPosition.START);
        }
        List<T> found = new ArrayList<>();
        for (Row row : rows) {
            if (row.getBoolean("row_there") != null) {
                found.add(read.apply(row));
            }
        }
        return new Answer<>(found, WalPosition.parse(at));
    }
}
