package caravan.inventory;

import caravan.common.contract.Money;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads products with what is on hand of them. */
@Singleton
class CatalogueStore {

    private static final String SELECT = """
            select p.sku, p.name, p.description, p.price_minor, p.currency, p.tags, p.version, s.on_hand,
                greatest(p.updated_at, s.updated_at) as changed_at
            from products p join stock s on s.sku = p.sku
            """;

    private static final String FIND = SELECT + "where p.sku = $1";

    private static final String LIST = SELECT + "where p.sku > $1 order by p.sku limit $2";

    private static final String SEARCH = SELECT + """
            where p.sku > $1 and (p.sku ilike $3 or p.name ilike $3 or p.description ilike $3 or lower($4) = any (p.tags))
            order by p.sku limit $2""";

    private final Pool pool;

    CatalogueStore(Pool pool) {
        this.pool = pool;
    }

    Uni<Optional<ProductView>> find(String sku) {
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(sku))
                .map(rows -> views(rows).stream().findFirst());
    }

    Uni<ProductPage> page(PageRequest wanted) {
        int rows = wanted.limit() + 1;
        Uni<RowSet<Row>> found = wanted.q().isEmpty()
                ? pool.preparedQuery(LIST).execute(Tuple.of(wanted.after(), rows))
                : pool.preparedQuery(SEARCH)
                        .execute(Tuple.of(wanted.after(), rows, containing(wanted.q()), wanted.q()));
        return found.map(each -> ProductPage.of(views(each), wanted.limit()));
    }

    private static String containing(String q) {
        return "%" + q.replaceAll("([\\\\%_])", "\\\\$1") + "%";
    }

    private static List<ProductView> views(RowSet<Row> rows) {
        List<ProductView> views = new ArrayList<>();
        for (Row row : rows) {
            views.add(new ProductView(
                    row.getString("sku"),
                    row.getString("name"),
                    row.getString("description"),
                    new Money(row.getLong("price_minor"), row.getString("currency")),
                    List.of(row.getArrayOfStrings("tags")),
                    row.getInteger("on_hand"),
                    row.getLong("version"),
                    row.getOffsetDateTime("changed_at").toInstant()));
        }
        return views;
    }
}
