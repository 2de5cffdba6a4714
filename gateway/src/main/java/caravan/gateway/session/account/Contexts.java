package caravan.gateway.session.account;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/**
 * Brings an answer back to the Vert.x context of its request. Hibernate keeps its session there: on a context that requests
 * share, one would find another's.
 */
public final class Contexts {

    private Contexts() {}

    /** Where the caller is now. */
    public static Executor here() {
        Context context = Vertx.currentContext();
        return context == null ? Infrastructure.getDefaultExecutor() : task -> context.runOnContext(_ -> task.run());
    }
}
