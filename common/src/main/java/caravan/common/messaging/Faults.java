package caravan.common.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;

/** Tells a fault of the surroundings, which passes, from one that lies in the record. */
public final class Faults {

    private Faults() {}

    /**
     * True when the same work may succeed later without anybody changing it: connection lost, server restarting,
     * out of resources, deadlock, serialization failure (SQLSTATE classes 08, 40, 53, 55, 57, 58).
     */
    public static boolean passes(Throwable fault) {
        for (Throwable t = fault; t != null; t = t.getCause()) {
            if (t instanceof PgException pg) {
                return passes(pg.getSqlState());
            }
            // An IOException by birth, but nobody makes the text readable by waiting.
            if (t instanceof JsonProcessingException) {
                return false;
            }
            if (t instanceof IOException
                    || t instanceof TimeoutException
                    || t instanceof RetriableException
                    || t instanceof NoStackTraceThrowable) {
                return true;
            }
            String name = t.getClass().getSimpleName();
            if (name.equals("ClosedConnectionException") || name.equals("ConnectionClosedException")) {
                return true;
            }
        }
        return false;
    }

    /** What to write into a header or a log: the class and the message of the deepest cause. */
    public static String describe(Throwable fault) {
        Throwable root = root(fault);
        return root.getClass().getSimpleName() + ": " + root.getMessage();
    }

    static Throwable root(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static boolean passes(String sqlState) {
        return sqlState != null
                && switch (sqlState.substring(0, Math.min(2, sqlState.length()))) {
                    case "08", "40", "53", "55", "57", "58" -> true;
                    default -> false;
                };
    }
}
