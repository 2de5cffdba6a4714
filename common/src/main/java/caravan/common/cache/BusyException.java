package caravan.common.cache;

/** No answer within the time or the room that there is: say "later" to whoever asks. */
public final class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BusyException(String why) {
        super(why, null, false, false);
    }
}
