package caravan.inventory;

import caravan.audit.AskedOrders;
import caravan.audit.Question;
import caravan.audit.Told;
import caravan.common.audit.Rows;
import caravan.common.auth.Open;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;

/** For the orchestrator's audit alone: the gateway's route table leads nobody here. */
@Open
@Path("/internal/audit")
class AuditResource {

    private final Pool pool;

    AuditResource(Pool pool) {
        this.pool = pool;
    }

    @POST
    public Uni<List<Told.OfStock>> tell(AskedOrders asked) {
        return Rows.tell(
                pool, Question.RESERVATIONS, asked, row -> new Told.OfStock(row.getUUID("id"), Rows.pieces(row)));
    }
}
