package caravan.gateway.limit;

/** Whose bucket it is. */
enum By {
    /** API client, else account, else address. */
    CALLER,
    ADDRESS,
    /** Whom somebody tries to log in as; taken by the login itself. */
    ACCOUNT
}
