package caravan.order;

import caravan.common.auth.Open;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** A request whose database ends its connection, as it does when it is shut down. In tests only. */
@Open
@Path(FaultyResource.PATH)
public class FaultyResource {

    static final String PATH = "/test/fault";

    private final Pool pool;

    FaultyResource(Pool pool) {
        this.pool = pool;
    }

    @GET
    public Uni<String> fault() {
        return pool.query("select pg_terminate_backend(pg_backend_pid())")
                .execute()
                .map(_ -> "still there");
    }
}
