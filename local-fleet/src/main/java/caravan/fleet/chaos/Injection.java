package caravan.fleet.chaos;

/** What came of an attempt to hurt. */
sealed interface Injection {

    /**
     * It hurts.
     *
     * @param heal ends it, and returns when it has ended
     */
    record Done(Runnable heal) implements Injection {}

    /**
     * It does not.
     *
     * @param why this machine cannot do that, in a sentence
     */
    record Skipped(String why) implements Injection {}
}
