package caravan.fleet;

import java.io.Serial;

/** Trouble that a person can do something about. The message is one sentence, fit to be printed alone. */
public final class FleetException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    public FleetException(String message) {
        super(message);
    }

    public FleetException(String message, Throwable cause) {
        super(message, cause);
    }
}
