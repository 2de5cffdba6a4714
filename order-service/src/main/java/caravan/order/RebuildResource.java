package caravan.order;

import caravan.common.auth.Requires;
import caravan.common.auth.Scope;
import caravan.common.http.ProblemException;
import caravan.common.http.ProblemType;
import caravan.common.messaging.Faults;
import caravan.order.RebuildStore.Rebuild;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An operator has the views made anew, and looks how far that is. Methods are public because Quarkus finds no others. */
@Path(RebuildResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
class RebuildResource {

    static final String PATH = "/api/v1/ops/views/rebuild";

    /** What an operator sees: the one that runs, or ran last. */
    enum Shown {
        NEVER,
        RUNNING,
        ABANDONED,
        DONE,
        FAILED
    }

    record Body(Shown state, @Nullable Instant startedAt, RebuildProgress progress) {}

    private final ViewRebuild rebuild;

    RebuildResource(ViewRebuild rebuild) {
        this.rebuild = rebuild;
    }

    @POST
    @Requires(Scope.OPS)
    public Uni<Response> start() {
        return rebuild.start()
                .chain(started -> {
                    if (!started) {
                        throw new ProblemException(
                                ProblemType.CONFLICT, "a rebuild runs already: GET the same path to see how far it is");
                    }
                    return rebuild.last();
                })
                .map(last -> Response.accepted(body(last))
                        .header("Location", PATH)
                        .header("Cache-Control", "no-store")
                        .build())
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    @GET
    @Requires(Scope.OPS)
    public Uni<Response> show() {
        return rebuild.last()
                .map(last -> Response.ok(body(last))
                        .header("Cache-Control", "no-store")
                        .build())
                .onFailure(Faults::passes)
                .transform(OrderResource::busy);
    }

    private static Body body(Optional<Rebuild> last) {
        return last.map(one -> new Body(shown(one), one.startedAt(), one.progress()))
                .orElseGet(() -> new Body(Shown.NEVER, null, RebuildProgress.NONE));
    }

    private static Shown shown(Rebuild last) {
        return switch (last.state()) {
            case RUNNING -> last.abandoned() ? Shown.ABANDONED : Shown.RUNNING;
            case DONE -> Shown.DONE;
            case FAILED -> Shown.FAILED;
        };
    }
}
