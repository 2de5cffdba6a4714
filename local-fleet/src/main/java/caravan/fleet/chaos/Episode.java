package caravan.fleet.chaos;

import java.time.Duration;

/** How one fault went. */
public sealed interface Episode {

    Fault fault();

    /**
     * The fleet was well again.
     *
     * @param at since the first fault was due
     * @param lasted from the blow until it was healed; for a killed part until it was ready again
     * @param ready after that: until all parts were
     * @param pace after that: until the first decision of orders that were decided at the old pace from then on
     */
    record Recovered(Fault fault, Duration at, Duration lasted, Duration ready, Duration pace) implements Episode {}

    /**
     * It was not well again in its time, or could not be hurt.
     *
     * @param why in a sentence
     */
    record NotRecovered(Fault fault, Duration at, String why) implements Episode {}

    /**
     * Nothing happened.
     *
     * @param why this machine cannot do that
     */
    record Skipped(Fault fault, Duration at, String why) implements Episode {}

    Duration at();
}
