package caravan.gateway.proxy;

import caravan.common.http.ProblemType;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jspecify.annotations.Nullable;

/** Why there is no answer. */
public final class Fault extends RuntimeException {

    private static final long serialVersionUID = 1;

    public enum Kind {
        /** No connection: nothing was sent. */
        UNREACHABLE(ProblemType.TEMPORARY_REDUCED_CAPACITY, true, true),
        /** The connection ended before the answer began: the service is restarting, or has just died. */
        BROKEN(ProblemType.TEMPORARY_REDUCED_CAPACITY, true, true),
        /** Not again: it may be working on it, and waiting twice is longer than a client's patience. */
        SILENT(ProblemType.GATEWAY_TIMEOUT, true, false),
        /** An answer that no service of ours writes: a crash page, half a head, no HTTP. */
        GARBAGE(ProblemType.BAD_GATEWAY, true, false),
        BREAKER_OPEN(ProblemType.TEMPORARY_REDUCED_CAPACITY, false, false),
        FULL(ProblemType.TEMPORARY_REDUCED_CAPACITY, false, false),
        /** Says nothing about the service. */
        CLIENT_GONE(ProblemType.BAD_REQUEST, false, false),
        CLIENT_SLOW(ProblemType.BAD_REQUEST, false, false),
        /** Ours. */
        DEFECT(ProblemType.INTERNAL_ERROR, false, false);

        private final ProblemType problem;
        private final boolean blamesService;
        private final boolean repeatable;

        Kind(ProblemType problem, boolean blamesService, boolean repeatable) {
            this.problem = problem;
            this.blamesService = blamesService;
            this.repeatable = repeatable;
        }

        ProblemType problem() {
            return problem;
        }

        /** The service has seen nothing of what was asked. */
        public boolean saidNothing() {
            return this == UNREACHABLE || this == BREAKER_OPEN || this == FULL;
        }

        /** Counts as a failed call for the breaker. */
        boolean blamesService() {
            return blamesService;
        }

        /** Another try may well succeed, and does not make matters worse. */
        boolean repeatable() {
            return repeatable;
        }
    }

    private final Kind kind;

    public Fault(Kind kind, @Nullable String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** What a connection, a breaker or a bulkhead threw. */
    static Fault of(Throwable thrown) {
        return switch (thrown) {
            case Fault fault -> fault;
            // What a stage does to the fault of the stage before it.
            case CompletionException e when e.getCause() != null -> of(e.getCause());
            case CircuitBreakerOpenException _ -> new Fault(Kind.BREAKER_OPEN, "the breaker is open");
            case BulkheadException _ -> new Fault(Kind.FULL, "too many requests under way");
            case TimeoutException e -> new Fault(Kind.SILENT, e.getMessage());
            case HttpClosedException e -> new Fault(Kind.BROKEN, e.getMessage());
            case StreamResetException e -> new Fault(Kind.BROKEN, e.getMessage());
            case IOException e -> new Fault(Kind.BROKEN, e.getMessage());
            default -> new Fault(Kind.GARBAGE, thrown.toString());
        };
    }

    static boolean blamesService(Throwable thrown) {
        return of(thrown).kind.blamesService();
    }
}
