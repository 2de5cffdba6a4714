package caravan.common.messaging;

import caravan.common.contract.SagasForgotten;
import caravan.common.contract.SagasForgotten.Forgotten;
import caravan.common.sql.Transactions;
import caravan.common.sql.Transactions.Writes;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Inbox rows live as long as their sagas (rule 11). What is gone already stays gone: no record of it is needed. */
public final class Retention implements Intake.Handler<SagasForgotten> {

    /** What else a service keeps of these sagas, removed in the same transaction; to do it twice changes nothing. */
    @FunctionalInterface
    public interface Besides {
        List<Uni<Void>> forget(SqlConnection tx, List<Forgotten> sagas);
    }

    static final String FORGET = "delete from inbox where saga_id = any($1)";

    private final Pool pool;
    private final Besides besides;

    Retention(Pool pool, Besides besides) {
        this.pool = pool;
        this.besides = besides;
    }

    @Override
    public Uni<List<Outgoing>> handle(List<Received<SagasForgotten>> batch) {
        List<Forgotten> sagas =
                batch.stream().flatMap(r -> r.message().sagas().stream()).toList();
        return Transactions.run(pool, tx -> {
            List<Uni<Void>> statements = new ArrayList<>(besides.forget(tx, sagas));
            statements.add(tx.preparedQuery(FORGET)
                    .execute(Tuple.of(sagas.stream().map(Forgotten::sagaId).toArray(UUID[]::new)))
                    .replaceWithVoid());
            return Uni.createFrom().item(new Writes<>(List.of(), statements));
        });
    }
}
