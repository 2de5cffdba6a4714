package caravan.common.audit;

import caravan.audit.Violation;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** Asks one statement for everything at one moment, where only the whole can be judged. */
public final class WholeLook implements Look {

    /** One row of it: who it is about, and what is wrong. */
    public record Judged(String subject, List<Violation> found) {

        public Judged {
            found = List.copyOf(found);
        }
    }

    private final Pool pool;
    private final AuditConfig config;
    private final String sql;
    private final Function<Row, Judged> judge;

    public WholeLook(Pool pool, AuditConfig config, String sql, Function<Row, Judged> judge) {
        this.pool = pool;
        this.config = config;
        this.sql = sql;
        this.judge = judge;
    }

    @Override
    public Uni<Looked> look(Collection<String> again) {
        return BoundedRead.read(pool, config.longestStatement(), sql, Tuple.tuple())
                .map(rows -> {
                    // Also those that are not in it any more: there is nothing wrong with them.
                    List<String> subjects = new ArrayList<>(again);
                    List<Violation> found = new ArrayList<>();
                    for (Row row : rows) {
                        Judged judged = judge.apply(row);
                        subjects.add(judged.subject());
                        found.addAll(judged.found());
                    }
                    return new Looked(subjects, found);
                });
    }
}
