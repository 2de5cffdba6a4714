package caravan.common.audit;

import caravan.audit.Question;
import caravan.audit.Violation;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * Goes over all rows, a page at a time in the order of their orders' ids, and begins anew at the end. What ended lately is looked
 * at by the orchestrator; this finds what was changed later, by hand for example.
 */
public final class RollingLook implements Look {

    private static final UUID FIRST = new UUID(0, 0);

    private final Pool pool;
    private final AuditConfig config;
    private final Question question;
    private final Function<RowSet<Row>, Uni<List<Violation>>> judge;
    private volatile UUID last = FIRST;

    /** Has {@code judge} say what is wrong with some rows that answer the question; it may ask on. */
    public RollingLook(
            Pool pool, AuditConfig config, Question question, Function<RowSet<Row>, Uni<List<Violation>>> judge) {
        this.pool = pool;
        this.config = config;
        this.question = question;
        this.judge = judge;
    }

    /** Where each row is judged by itself. */
    public static RollingLook ofRows(
            Pool pool, AuditConfig config, Question question, Function<Row, List<Violation>> judge) {
        return new RollingLook(pool, config, question, rows -> {
            List<Violation> found = new ArrayList<>();
            rows.forEach(row -> found.addAll(judge.apply(row)));
            return Uni.createFrom().item(found);
        });
    }

    @Override
    public Uni<Looked> look(Collection<String> again) {
        return read(question.after(), Tuple.of(last, config.page()))
                .chain(rows -> judge(rows).invoke(() -> goOn(rows)))
                .chain(page -> again.isEmpty() ? Uni.createFrom().item(page) : with(page, again));
    }

    private Uni<Looked> with(Looked page, Collection<String> again) {
        Tuple ids = Tuple.of(again.stream().map(UUID::fromString).toArray(UUID[]::new));
        return read(question.ofSome(), ids).chain(this::judge).map(second -> {
            List<String> judged = new ArrayList<>(page.judged());
            // Also those that are gone: there is nothing wrong with them any more.
            judged.addAll(again);
            List<Violation> found = new ArrayList<>(page.found());
            found.addAll(second.found());
            return new Looked(judged, found);
        });
    }

    private Uni<Looked> judge(RowSet<Row> rows) {
        List<String> ids = new ArrayList<>();
        rows.forEach(row -> ids.add(row.getUUID("id").toString()));
        return judge.apply(rows).map(found -> new Looked(ids, found));
    }

    private void goOn(RowSet<Row> page) {
        UUID end = FIRST;
        if (page.size() == config.page()) {
            for (Row row : page) {
                end = row.getUUID("id");
            }
        }
        last = end;
    }

    private Uni<RowSet<Row>> read(String sql, Tuple arguments) {
        return BoundedRead.read(pool, config.longestStatement(), sql, arguments);
    }
}
