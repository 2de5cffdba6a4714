package caravan.fleet.sensitivity;

import caravan.fleet.FleetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A unified diff. A hunk belongs where its old lines stand, whatever numbers its head has: so lines may move, and may not change. */
record Patch(List<Change> changes) {

    private static final String FROM = "--- a/";
    private static final String TO = "+++ b/";
    private static final String HUNK = "@@";

    /** What is to become of one file; its path is that from the root of the checkout. */
    record Change(String path, List<Hunk> hunks) {

        /** @throws FleetException when the lines of a hunk are not there, or more than once */
        String applyTo(String source) {
            List<String> lines = new ArrayList<>(Arrays.asList(source.split("\n", -1)));
            for (Hunk hunk : hunks) {
                hunk.applyTo(lines, path);
            }
            return String.join("\n", lines);
        }
    }

    /** Lines that stand together, and what they become. */
    record Hunk(List<String> before, List<String> after) {

        private void applyTo(List<String> lines, String path) {
            int[] places = IntStream.rangeClosed(0, lines.size() - before.size())
                    .filter(at -> lines.subList(at, at + before.size()).equals(before))
                    .toArray();
            if (places.length != 1) {
                throw new FleetException("does not apply any more: these lines are %s in %s:%n%s"
                        .formatted(
                                places.length == 0 ? "not" : places.length + " times",
                                path,
                                String.join("\n", before)));
            }
            List<String> there = lines.subList(places[0], places[0] + before.size());
            there.clear();
            there.addAll(after);
        }
    }

    /** @throws FleetException for lines that are no diff */
    static Patch parse(List<String> lines) {
        List<Change> changes = new ArrayList<>();
        for (String line : lines) {
            switch (line) {
                case String from when from.startsWith(FROM) -> {}
                case String to
                when to.startsWith(TO) -> changes.add(new Change(to.substring(TO.length()), new ArrayList<>()));
                case String head
                when head.startsWith(HUNK) ->
                    changes.getLast().hunks().add(new Hunk(new ArrayList<>(), new ArrayList<>()));
                default -> add(line, changes.getLast().hunks().getLast());
            }
        }
        return new Patch(List.copyOf(changes));
    }

    private static void add(String line, Hunk hunk) {
        // Editors cut the only character of an empty line off.
        String text = line.isEmpty() ? "" : line.substring(1);
        switch (line.isEmpty() ? ' ' : line.charAt(0)) {
            case ' ' -> {
                hunk.before().add(text);
                hunk.after().add(text);
            }
            case '-' -> hunk.before().add(text);
            case '+' -> hunk.after().add(text);
            default -> throw new FleetException("is no diff: " + line);
        }
    }
}
