package caravan.audit;

/**
 * What is asked of the databases. Rows come in the order of their first column, {@code id}: whose facts they are. What each
 * column is called is here; whoever reads them, by whatever driver, reads them by name.
 */
public enum Question {
    /** {@code status}, {@code total_minor}, {@code cancel_requested}, {@code forgotten}. */
    ORDERS("orders", "id", """
            select id, status, total_minor, cancel_requested_at is not null as cancel_requested,
                   forgotten_at is not null as forgotten
            from orders where %s order by id"""),

    /** {@code pieces} that the lines of an order name. */
    LINES("orders", "order_id", """
            select order_id as id, sum(quantity) as pieces from order_lines where %s group by order_id order by order_id"""),

    /** {@code status}, {@code sequence}. */
    VIEWS("orders", "order_id", """
            select order_id as id, status, sequence from order_views where %s order by order_id"""),

    /**
     * The saga that places an order has its id: {@code phase}, {@code version}, {@code skipped} (steps whose undo an operator took
     * for done, with commas between them).
     */
    SAGAS("sagas", "id", """
            select id, phase, version,
                   coalesce((select string_agg(o.step, ',') from operator_orders o
                             where o.saga_id = s.id and o.verb = 'SKIP'), '') as skipped
            from sagas s where id = order_id and %s order by id"""),

    /** The saga that cancels an order has an id of its own: {@code phase}, {@code version}. */
    CANCELS("sagas", "order_id", """
            select order_id as id, phase, version from sagas where id <> order_id and %s order by order_id"""),

    /** {@code pieces} that are reserved for an order now. */
    RESERVATIONS("inventory", "order_id", """
            select order_id as id, coalesce(sum(quantity) filter (where released_at is null), 0) as pieces
            from stock_reservations where %s group by order_id order by order_id"""),

    /** {@code state}, {@code amount_minor}, {@code captured_minor}, {@code refunded_minor}. */
    PAYMENTS("payments", "order_id", """
            select order_id as id, state, amount_minor, captured_minor, refunded_minor
            from payments where %s order by order_id"""),

    /** {@code state} of the parcel. */
    PARCELS("shipments", "order_id", """
            select order_id as id, state from shipments where %s order by order_id"""),

    /** How many {@code confirmations} and {@code cancellations}. */
    MAILS("notifications", "order_id", """
            select order_id as id, count(*) filter (where kind = 'CONFIRMATION') as confirmations,
                   count(*) filter (where kind = 'CANCELLATION') as cancellations
            from confirmations where %s group by order_id order by order_id""");

    /**
     * Every product, as {@link StockFacts} names it: {@code sku}, {@code on_hand}, {@code reserved}, {@code shipped}, {@code put_in},
     * {@code promised}. One statement sees one moment, so that it is right while orders come and go. Reads all reservations.
     */
    public static final String STOCK = """
            select s.sku, s.on_hand, s.reserved, s.shipped, coalesce(a.quantity, 0) as put_in,
                   coalesce(r.quantity, 0) as promised
            from stock s
            left join (select sku, sum(delta) as quantity from stock_adjustments group by sku) a on a.sku = s.sku
            left join (select sku, sum(quantity) as quantity from stock_reservations
                       where released_at is null group by sku) r on r.sku = s.sku
            order by s.sku""";

    private final String database;
    private final String id;
    private final String sql;

    Question(String database, String id, String sql) {
        this.database = database;
        this.id = id;
        this.sql = sql;
    }

    /** Which one it is asked of. */
    public String database() {
        return database;
    }

    /** Everything, as long as it takes. */
    public String ofAll() {
        return sql.formatted("true");
    }

    /** Of the orders in {@code $1}, an array of their ids; by an index. */
    public String ofSome() {
        return sql.formatted(id + " = any($1)");
    }

    /** Of the first {@code $2} orders after {@code $1}, by an index: the next page of all of them. */
    public String after() {
        return sql.formatted(id + " > $1") + " limit $2";
    }
}
