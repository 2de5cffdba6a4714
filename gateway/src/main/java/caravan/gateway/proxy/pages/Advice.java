package caravan.gateway.proxy.pages;

import caravan.common.http.ProblemType;

/**
 * What a problem means and what to do about it, for whoever meets one. The compiler sees to it that none is forgotten.
 *
 * @param meaning what has happened
 * @param todo what helps
 */
record Advice(String meaning, String todo) {

    static Advice of(ProblemType type) {
        return switch (type) {
            case MALFORMED_BODY ->
                new Advice("The body is empty or cannot be parsed as JSON.", "Send one JSON document, in UTF-8.");
            case BAD_REQUEST ->
                new Advice(
                        "A parameter, a header or the framing of the request makes no sense.",
                        "Read the detail; correct the request.");
            case IDEMPOTENCY_KEY_MISSING ->
                new Advice(
                        "This operation must not happen twice by accident, so it needs a key.",
                        "Make a new random key for each intention, and send the same key again when you repeat the request.");
            case IDEMPOTENCY_KEY_INVALID ->
                new Advice(
                        "The key has no character, too many, or others than visible ASCII.",
                        "Use a UUID, for example.");
            case UNAUTHENTICATED ->
                new Advice(
                        "There is no access token, or it is expired, forged, for somebody else, or of a session that has ended.",
                        "Get a fresh token with your refresh token or client secret; log in again when that fails.");
            case INVALID_CREDENTIALS ->
                new Advice(
                        "Address and password do not belong together. Which of them is wrong is not said.",
                        "Check both. After several failures further tries are slowed down.");
            case INSUFFICIENT_SCOPE ->
                new Advice(
                        "The token is good, but not for this operation.",
                        "Ask for a token with the scope of the operation.");
            case NOT_FOUND ->
                new Advice(
                        "There is no such path or thing, or it belongs to somebody else.",
                        "Check the id and with whose token you ask.");
            case METHOD_NOT_ALLOWED ->
                new Advice("The path exists, but not with this method.", "Use one of the methods in the Allow header.");
            case NOT_ACCEPTABLE ->
                new Advice("The Accept header rules out everything that can be answered.", "Accept application/json.");
            case REQUEST_IN_PROGRESS ->
                new Advice(
                        "The first request with this key has not been answered yet.",
                        "Send the same request again after Retry-After seconds; you will get the first one's answer.");
            case CONFLICT ->
                new Advice("What is asked does not fit the present state.", "Read the thing again and decide anew.");
            case ACCOUNT_EXISTS ->
                new Advice(
                        "Somebody has registered with this address before.", "Log in instead, or use another address.");
            case ORDER_ENDED ->
                new Advice(
                        "An order that has ended cannot be cancelled any more.",
                        "Read the order: its status says how it ended.");
            case ALREADY_DISPATCHED ->
                new Advice("The parcel has left the warehouse.", "Wait for it and send it back.");
            case STOCK_RESERVED ->
                new Advice("Some of these pieces are promised to orders.", "Take out no more than what is on hand.");
            case PRECONDITION_FAILED ->
                new Advice(
                        "Somebody changed the thing after you read it.",
                        "Read it again, redo your change, and send the new ETag in If-Match.");
            case BODY_TOO_LARGE -> new Advice("A body may have 256 KiB.", "Send less at once.");
            case UNSUPPORTED_MEDIA_TYPE ->
                new Advice(
                        "The body is in a format that this operation does not read.",
                        "Send application/json, or a form where the operation says so.");
            case INVALID_REQUEST ->
                new Advice(
                        "The body is JSON, but some fields are missing, unknown or out of bounds.",
                        "The member 'errors' lists each of them by its JSON pointer. Correct them all and send again.");
            case UNKNOWN_SKU ->
                new Advice(
                        "A product that you order is not in the catalogue.",
                        "The member 'errors' says which lines; read the catalogue.");
            case IDEMPOTENCY_KEY_REUSED ->
                new Advice(
                        "This key was used before, with another body.",
                        "Take a new key for a new intention; send the very same body when you repeat one.");
            case PRECONDITION_REQUIRED ->
                new Advice(
                        "To replace something you must say which version of it you saw.",
                        "Read it and send its ETag in If-Match.");
            case QUOTA_EXCEEDED ->
                new Advice(
                        "You have used up your share of requests.",
                        "Wait Retry-After seconds. The RateLimit header of every answer says how much is left.");
            case HEADERS_TOO_LARGE ->
                new Advice("All header lines together may have 16 KiB.", "Send fewer or shorter ones.");
            case INTERNAL_ERROR ->
                new Advice(
                        "A defect of ours. It is logged under the requestId.",
                        "Try once more after a pause; a write under the same Idempotency-Key. Then tell us the requestId.");
            case BAD_GATEWAY ->
                new Advice(
                        "A service answered with something that is no valid answer. Whether it did what you asked is not known.",
                        "Try again after a pause; a write under the same Idempotency-Key, so that it happens once.");
            case TEMPORARY_REDUCED_CAPACITY ->
                new Advice(
                        "A service is away, or more is asked of the fleet than it can do in time.",
                        "Try again after Retry-After seconds, and a little later each time it happens again.");
            case GATEWAY_TIMEOUT ->
                new Advice(
                        "A service did not answer in time. It may still do what you asked.",
                        "Read the state, or try again after a pause under the same Idempotency-Key.");
        };
    }
}
