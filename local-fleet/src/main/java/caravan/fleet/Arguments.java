package caravan.fleet;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A command line of {@code ./caravan}.
 *
 * @param words what is neither verb nor option; for verbs that have options of their own, those too
 */
record Arguments(String verb, int portOffset, Set<String> without, boolean observe, boolean yes, List<String> words) {
    private static final Set<String> HAVE_THEIR_OWN =
            Set.of("bench", "ledger", "sagas", "dead-letters", "sensitivity", "chaos");

    /** @throws FleetException for options that do not exist, or lack their value */
    static Arguments parse(String... args) {
        Deque<String> rest = new ArrayDeque<>(List.of(args));
        String verb = rest.isEmpty() ? "help" : rest.pop();
        int portOffset = 0;
        boolean observe = false;
        boolean yes = false;
        Set<String> without = new LinkedHashSet<>();
        Deque<String> words = new ArrayDeque<>();
        while (!rest.isEmpty()) {
            String word = rest.pop();
            switch (word) {
                case "--port-offset" -> portOffset = number(value(rest, word));
                case "--without" -> without.addAll(List.of(value(rest, word).split(",")));
                case "--observe" -> observe = true;
                case "--yes", "-y" -> yes = true;
                default -> words.add(HAVE_THEIR_OWN.contains(verb) ? word : noOption(word, verb));
            }
        }
        return new Arguments(verb, portOffset, without, observe, yes, List.copyOf(words));
    }

    Ports ports() {
        return Ports.standard(portOffset);
    }

    /** Each port offset is a fleet of its own, with data of its own, so that two can run side by side. */
    DataFolder folder(Path checkout) {
        Path standard = checkout.resolve(".caravan");
        return new DataFolder(portOffset == 0 ? standard : standard.resolve("offset-" + portOffset));
    }

    private static String noOption(String word, String verb) {
        if (word.startsWith("-")) {
            throw new FleetException("There is no option " + word + ": see './caravan help " + verb + "'.");
        }
        return word;
    }

    private static String value(Deque<String> rest, String option) {
        if (rest.isEmpty()) {
            throw new FleetException(option + " needs a value.");
        }
        return rest.pop();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new FleetException("--port-offset needs a number, not '" + text + "'.", e);
        }
    }
}
