package caravan.common.messaging;

/** A record that no retry makes readable: it goes to the dead letters at once. */
public final class PoisonException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public PoisonException(String message) {
        super(message);
    }
}
