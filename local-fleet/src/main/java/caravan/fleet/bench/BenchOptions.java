package caravan.fleet.bench;

import caravan.fleet.FleetException;
import caravan.fleet.OptionWords;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * What {@code ./caravan bench} was asked for.
 *
 * @param engineOnly the saga engine alone, without a fleet
 * @param prefill ended orders that the databases must hold before; 0: as they are
 * @param rates orders a second, one run for each; empty: search the highest that holds
 * @param length of a run that counts, without warm-up
 * @param json the result goes to standard output as JSON, progress to standard error
 */
public record BenchOptions(
        boolean engineOnly, int prefill, List<Integer> rates, Duration length, Duration warmUp, boolean json) {

    private static final int HIGHEST_RATE = 20_000;
    private static final int LONGEST_SECONDS = 3_600;
    private static final int MOST_PREFILLED = 10_000_000;

    public BenchOptions {
        if (engineOnly && prefill > 0) {
            throw new FleetException("--prefill fills the databases of a fleet; --engine-only measures without one.");
        }
    }

    /**
     * Reads the words behind the verb.
     *
     * @throws FleetException for what it does not know or cannot be
     */
    public static BenchOptions parse(List<String> words) {
        Deque<String> rest = new ArrayDeque<>(words);
        List<Integer> rates = List.of();
        int seconds = 60;
        int warmUp = 30;
        boolean json = false;
        boolean engineOnly = false;
        int prefill = 0;
        while (!rest.isEmpty()) {
            String word = rest.pop();
            switch (word) {
                case "--rate" ->
                    rates = Arrays.stream(OptionWords.value(rest, word).split(",", -1))
                            .map(rate -> number(word, rate, 1, HIGHEST_RATE))
                            .toList();
                case "--seconds" -> seconds = number(word, OptionWords.value(rest, word), 1, LONGEST_SECONDS);
                case "--warm-up" -> warmUp = number(word, OptionWords.value(rest, word), 0, LONGEST_SECONDS);
                case "--json" -> json = true;
                case "--engine-only" -> engineOnly = true;
                case "--prefill" -> prefill = number(word, OptionWords.value(rest, word), 1, MOST_PREFILLED);
                default -> throw new FleetException("There is no option " + word + ": see './caravan help bench'.");
            }
        }
        return new BenchOptions(
                engineOnly, prefill, rates, Duration.ofSeconds(seconds), Duration.ofSeconds(warmUp), json);
    }

    /** Of those that will be run. */
    public int highestRate() {
        return rates.stream().mapToInt(rate -> rate).max().orElse(Runs.HIGHEST_SEARCHED);
    }

    private static int number(String option, String text, int least, int most) {
        return (int) OptionWords.number(option, text, least, most);
    }
}
