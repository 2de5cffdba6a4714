package caravan.inventory;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** How often products were looked at, for good. */
@Singleton
class ViewStore {

    /** A flush is repeated within minutes, by whoever comes after its first writer. */
    private static final String ADD = """
            with this as (
                insert into view_flushes (id, flushed_at) values ($1, now())
                on conflict on constraint view_flushes_pk do nothing returning id),
            long_ago as (
                delete from view_flushes where flushed_at < now() - interval '1 day')
            insert into product_views (sku, views)
            select p.sku, c.views from unnest($2::text[], $3::bigint[]) as c (sku, views)
            join products p on p.sku = c.sku
            where exists (select from this)
            order by p.sku
            on conflict on constraint product_views_pk do update set views = product_views.views + excluded.views""";

    private static final String ADD_ONE = """
            insert into product_views (sku, views) values ($1, $2)
            on conflict on constraint product_views_pk do update set views = product_views.views + excluded.views""";

    private static final String TOTALS = "select sku, views from product_views where sku = any($1::text[])";

    private static final String NAMED = "select sku, name from products where sku = any($1::text[])";

    /** Ties as in the leaderboard: the last sku first. */
    private static final String TOP = """
            select v.sku, p.name, v.views from product_views v join products p on p.sku = v.sku
            order by v.views desc, v.sku collate "C" desc limit $1""";

    private final Pool pool;

    ViewStore(Pool pool) {
        this.pool = pool;
    }

    /** Once for an id, whoever else tries. Gives whether it was now. */
    Uni<Boolean> add(UUID flush, Map<String, Long> counts) {
        List<String> skus = new ArrayList<>();
        List<Long> views = new ArrayList<>();
        counts.forEach((sku, times) -> {
            skus.add(sku);
            views.add(times);
        });
        return pool.preparedQuery(ADD)
                .execute(Tuple.of(flush, skus.toArray(String[]::new), views.toArray(Long[]::new)))
                .map(added -> added.rowCount() > 0);
    }

    Uni<Void> add(String sku, long times) {
        return pool.preparedQuery(ADD_ONE).execute(Tuple.of(sku, times)).replaceWithVoid();
    }

    Uni<Map<String, Long>> totals(Collection<String> skus) {
        Object of = skus.toArray(String[]::new);
        return pool.preparedQuery(TOTALS).execute(Tuple.of(of)).map(rows -> {
            Map<String, Long> totals = new HashMap<>();
            for (Row row : rows) {
                totals.put(row.getString("sku"), row.getLong("views"));
            }
            return totals;
        });
    }

    Uni<Map<String, String>> names(Collection<String> skus) {
        Object of = skus.toArray(String[]::new);
        return pool.preparedQuery(NAMED).execute(Tuple.of(of)).map(rows -> {
            Map<String, String> names = new HashMap<>();
            for (Row row : rows) {
                names.put(row.getString("sku"), row.getString("name"));
            }
            return names;
        });
    }

    Uni<List<Viewed>> top(int limit) {
        return pool.preparedQuery(TOP).execute(Tuple.of(limit)).map(rows -> {
            List<Viewed> top = new ArrayList<>();
            for (Row row : rows) {
                top.add(new Viewed(row.getString("sku"), row.getString("name"), row.getLong("views")));
            }
            return top;
        });
    }
}
