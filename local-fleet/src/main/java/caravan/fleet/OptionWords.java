package caravan.fleet;

import java.util.Deque;

/** What stands behind an option of a verb that has options of its own. */
public final class OptionWords {
    private OptionWords() {}

    /** Takes the next word; throws a {@link FleetException} when there is none. */
    public static String value(Deque<String> rest, String option) {
        if (rest.isEmpty()) {
            throw new FleetException(option + " needs a value.");
        }
        return rest.pop();
    }

    /** Throws a {@link FleetException} for what is no whole number between these two, which are allowed. */
    public static long number(String option, String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new FleetException("%s needs a number between %d and %d, not '%s'.".formatted(option, least, most, text));
    }
}
