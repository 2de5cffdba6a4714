package caravan.notification;

/** How one try to send ended. */
sealed interface Outcome {

    /** The server has taken responsibility (250). */
    record Accepted() implements Outcome {}

    /** Certainly not sent; another try may succeed. */
    record Refused(String reason) implements Outcome {}

    /** Certainly not sent, and no further try will be. */
    record Rejected(String reason) implements Outcome {}

    /** The line went dead: it may have been sent. */
    record Unknown(String reason) implements Outcome {}
}
