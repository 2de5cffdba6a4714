package caravan.common.sql;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
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

    private Transactions() {}

    /**
     * Runs {@code decide}, then what it wants written, in one transaction on one connection. Fails with the first fault, and
     * nothing is written then; as with every commit, a fault of the connection itself leaves open whether it was. Goes on to
     * its end when nobody waits for it any more.
     */
    public static <T> Uni<T> run(Pool pool, Function<SqlConnection, Uni<Writes<T>>> decide) {
        return Uni.createFrom()
                .deferred(() -> UniHelper.toUni(pool.getDelegate()
                        .withConnection(
                                connection -> UniHelper.toFuture(run(SqlConnection.newInstance(connection), decide)))));
    }

    private static <T> Uni<T> run(SqlConnection connection, Function<SqlConnection, Uni<Writes<T>>> decide) {
        // Not waited for: a connection that cannot begin cannot do what comes next either.
        var _ = connection.getDelegate().query("begin").execute();
        return Uni.createFrom()
                .deferred(() -> decide.apply(connection))
                .chain(writes -> write(connection, writes))
                .onFailure()
                .call(() -> rollback(connection));
    }

    /** PostgreSQL takes the COMMIT of a transaction in which a statement failed for a ROLLBACK. */
    private static <T> Uni<T> write(SqlConnection connection, Writes<T> writes) {
        List<Uni<Void>> all = new ArrayList<>(writes.statements());
        all.add(connection.query("commit").execute().replaceWithVoid());
        return Uni.join().all(all).andFailFast().replaceWith(writes.result());
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
