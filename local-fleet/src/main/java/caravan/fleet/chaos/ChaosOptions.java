package caravan.fleet.chaos;

import caravan.fleet.FleetException;
import caravan.fleet.OptionWords;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What {@code ./caravan chaos} was asked for.
 *
 * @param length from the first fault to about the last; starting, warming up, settling and the audit come on top
 * @param seed of the schedule and of what is ordered
 * @param rate orders a second
 */
public record ChaosOptions(Duration length, long seed, int rate) {

    /** Room for the catching up after each fault: a tenth of what two cores carry. */
    private static final int USUAL_RATE = 10;

    private static final int HIGHEST_RATE = 200;
    private static final int USUAL_MINUTES = 5;
    private static final int LONGEST_MINUTES = 24 * 60;

    /**
     * Reads the words behind the verb.
     *
     * @throws FleetException for what it does not know or cannot be
     */
    public static ChaosOptions parse(List<String> words) {
        Deque<String> rest = new ArrayDeque<>(words);
        int minutes = USUAL_MINUTES;
        int rate = USUAL_RATE;
        // Short enough to be typed again.
        long seed = RandomGenerator.getDefault().nextInt(1_000_000);
        while (!rest.isEmpty()) {
            String word = rest.pop();
            switch (word) {
                case "--minutes" ->
                    minutes = (int) OptionWords.number(word, OptionWords.value(rest, word), 1, LONGEST_MINUTES);
                case "--rate" -> rate = (int) OptionWords.number(word, OptionWords.value(rest, word), 1, HIGHEST_RATE);
                case "--seed" ->
                    seed = OptionWords.number(word, OptionWords.value(rest, word), Long.MIN_VALUE, Long.MAX_VALUE);
                default -> throw new FleetException("There is no option " + word + ": see './caravan help chaos'.");
            }
        }
        return new ChaosOptions(Duration.ofMinutes(minutes), seed, rate);
    }
}
