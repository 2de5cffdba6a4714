package caravan.common.audit;

import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;

/** A statement that PostgreSQL itself gives up when it takes too long: nobody would wait for it, and it would go on. */
final class BoundedRead {

    private BoundedRead() {}

    static Uni<RowSet<Row>> read(Pool pool, Duration longest, String sql, Tuple arguments) {
        String bound = "set local statement_timeout = " + longest.toMillis();
        return Transactions.run(
                pool,
                tx -> tx.query(bound)
                        .execute()
                        .chain(() -> tx.preparedQuery(sql).execute(arguments))
                        .map(Writes::none));
    }
}
