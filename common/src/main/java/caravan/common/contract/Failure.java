package caravan.common.contract;

/** Why an order ended without success: a code from a closed list, and a sentence for people. */
public record Failure(String code, String detail) {

    /** A step gave no answer within its policy. */
    public static final String TIMED_OUT = "timed-out";

    /** The customer wanted it so. */
    public static final String CANCELLED = "cancelled";

    /** The parcel had left before it could be stopped. */
    public static final String ALREADY_DISPATCHED = "already-dispatched";
}
