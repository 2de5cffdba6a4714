package caravan.inventory;

import caravan.common.http.ConsistencyToken;
import caravan.common.sql.WalPosition;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;

/**
 * What a client with a {@link ConsistencyToken} is promised of the catalogue: whoever has written to it reads from the primary, which has
 * everything, for as long as the token says so. Such a read raises no token: every later one goes there too.
 */
@Singleton
class Tokens {

    /** The entry of this service. */
    static final String DATABASE = "inventory";

    private static final String HERE = "select pg_current_wal_flush_lsn()::text as position";

    private final Pool pool;

    Tokens(Pool pool) {
        this.pool = pool;
    }

    /** Whether the client has done something here that a cache may not know. */
    static boolean asksForDatabase(ConsistencyToken token) {
        return token.of(DATABASE).isPresent();
    }

    /** The header's value after a write that is committed. */
    Uni<String> raised(ConsistencyToken token) {
        return pool.query(HERE)
                .execute()
                .map(rows -> WalPosition.parse(rows.iterator().next().getString("position")))
                .map(here -> token.raised(DATABASE, here).text());
    }
}
