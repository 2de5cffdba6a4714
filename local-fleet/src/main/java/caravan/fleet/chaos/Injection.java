package caravan.fleet.chaos;

/** What came of an attempt to hurt. */
sealed interface Injection {

    /** @param heal ends it, and returns when it has ended */
    record Done(Runnable heal) implements Injection {}

    /** @param why this machine cannot, in a sentence */
    record Skipped(String why) implements Injection {}
}
