package caravan.gateway.proxy.cache;

import caravan.gateway.proxy.Fetched;

/** What came of asking the service. */
sealed interface Outcome {

    /**
     * For everybody who asked the same.
     *
     * @param coding that was asked for
     * @param confirmed it was known, and is still true
     */
    record Shared(Answer answer, Coding coding, boolean confirmed) implements Outcome {}

    /** For the one who asked; of an error all who waited may hear. */
    record Unshared(Fetched fetched) implements Outcome {}
}
