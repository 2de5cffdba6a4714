package caravan.common.sql;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A transaction waits for the database as often as it has to know something, and no oftener: BEGIN goes out with the first
 * statement, COMMIT with the last ones. On two cores that a whole fleet shares a wait costs more than a statement. See decision
 * record 0015.
 */
public final class Transactions {

    /**
     * What a transaction writes last, all at once and in this order, and what it gives once that is committed. The statements
     * must not need each other's results: a fault of one of them undoes the transaction, anything else commits it. PostgreSQL has
     * to see a fault to undo something for it, so parameters are arrays of the columns' own types, which the client cannot refuse.
     */
    public record Writes<T>(T result, List<Uni<Void>> statements) {

        public Writes {
            statements = List.copyOf(statements);
        }

        /** Everything is written already. */
        public static <T> Writes<T> none(T result) {
            return new Writes<>(result, List.of());
        }
    }

    /**
     * What a transaction gave, and a position that is not before its commit record: what a node must have for a read to see it.
     */
    public record Committed<T>(T result, WalPosition position) {}

    private record Ended<T>(T result, Optional<WalPosition> at) {}

    /** One message, so one trip: the second statement runs when the commit is durable, wherever a pooler would send it alone. */
    private static final String COMMIT_AND_LOCATE = "commit; select pg_current_wal_flush_lsn()::text as position";

    private Transactions() {}

    /**
     * Runs {@code decide}, then what it wants written, in one transaction on one connection. Fails with the first fault, and
     * nothing is written then; as with every commit, a fault of the connection itself leaves open whether it was. Goes on to
     * its end when nobody waits for it any more.
     */
    public static <T> Uni<T> run(Pool pool, Function<SqlConnection, Uni<Writes<T>>> decide) {
        return run(pool, decide, Transactions::commit).map(Ended::result);
    }

    /**
     * The same, for whoever must tell where it was committed; costs no trip more. Right where a commit is durable when it
     * returns ({@code synchronous_commit} on).
     */
    public static <T> Uni<Committed<T>> runAndLocate(Pool pool, Function<SqlConnection, Uni<Writes<T>>> decide) {
        return run(pool, decide, Transactions::commitAndLocate)
                .map(ended -> new Committed<>(ended.result(), ended.at().orElseThrow()));
    }

    private static <T> Uni<Ended<T>> run(
            Pool pool,
            Function<SqlConnection, Uni<Writes<T>>> decide,
            Function<SqlConnection, Uni<Optional<WalPosition>>> commit) {
        return Uni.createFrom()
                .deferred(() -> UniHelper.toUni(pool.getDelegate()
                        .withConnection(connection ->
                                UniHelper.toFuture(run(SqlConnection.newInstance(connection), decide, commit)))));
    }

    private static <T> Uni<Ended<T>> run(
            SqlConnection connection,
            Function<SqlConnection, Uni<Writes<T>>> decide,
            Function<SqlConnection, Uni<Optional<WalPosition>>> commit) {
        // Not waited for: a connection that cannot begin cannot do what comes next either.
        var _ = connection.getDelegate().query("begin").execute();
        return Uni.createFrom()
                .deferred(() -> decide.apply(connection))
                .chain(writes -> write(writes, commit.apply(connection)))
                .onFailure()
                .call(() -> rollback(connection));
    }

    /** PostgreSQL takes the COMMIT of a transaction in which a statement failed for a ROLLBACK. */
    private static <T> Uni<Ended<T>> write(Writes<T> writes, Uni<Optional<WalPosition>> commit) {
        List<Uni<Optional<WalPosition>>> all = new ArrayList<>();
        writes.statements().forEach(statement -> all.add(statement.replaceWith(Optional.empty())));
        all.add(commit);
        return Uni.join().all(all).andFailFast().map(given -> new Ended<>(writes.result(), given.getLast()));
    }

    private static Uni<Optional<WalPosition>> commit(SqlConnection connection) {
        return connection.query("commit").execute().replaceWith(Optional.empty());
    }

    private static Uni<Optional<WalPosition>> commitAndLocate(SqlConnection connection) {
        return connection.query(COMMIT_AND_LOCATE).execute().map(committed -> {
            Row row = committed.next().iterator().next();
            return Optional.of(WalPosition.parse(row.getString("position")));
        });
    }

    private static Uni<Void> rollback(SqlConnection connection) {
        return connection
                .query("rollback")
                .execute()
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }
}
