package caravan.gateway.session;

import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/** Tells what passes by itself (a database that is away, a full queue) from what does not. */
final class StoreFaults {

    /** Connection, transaction rollback, resources, object state, operator, system. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "40", "53", "55", "57", "58");

    private StoreFaults() {}

    static boolean passes(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (isPassing(cause)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPassing(Throwable fault) {
        return switch (fault) {
            case PgException pg ->
                pg.getSqlState() != null
                        && PASSING_CLASSES.contains(pg.getSqlState().substring(0, 2));
            case IOException _, TimeoutException _, RejectedExecutionException _, NoStackTraceThrowable _ -> true;
            default -> fault.getClass().getSimpleName().equals("ClosedConnectionException");
        };
    }
}
