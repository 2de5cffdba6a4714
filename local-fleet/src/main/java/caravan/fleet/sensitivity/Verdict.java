package caravan.fleet.sensitivity;

import java.util.List;

/** What became of a mutant. */
sealed interface Verdict {

    /** The test found it: it asserted, or waited in vain. */
    record Caught(String how) implements Verdict {}

    /** The test passed. */
    record Survived() implements Verdict {}

    /** Nothing is known: it does not compile, the test did not begin, or fell over something else. */
    record Broken(String why) implements Verdict {}

    /** Of a line in the table. */
    int LONGEST = 100;

    /** Says nothing to anybody. */
    String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private static String cut(String text) {
        String line = text.replaceAll("\\s+", " ").replaceAll(UUID, "…").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }

    /**
     * Reads what {@link OneTest} has written.
     *
     * @param gaveUp the test was ended from outside, after its time
     */
    static Verdict of(List<String> report, boolean gaveUp) {
        boolean started = report.contains(OneTest.STARTED);
        String[] failed = report.stream()
                .map(line -> line.split("\t", 4))
                .filter(parts -> parts[0].equals(OneTest.FAILED))
                .findFirst()
                .orElse(new String[0]);
        if (failed.length == 4) {
            return failed(OneTest.Trouble.valueOf(failed[1]), failed[2], failed[3]);
        }
        if (gaveUp) {
            // Not caught: each test has bounds of its own, and a busy machine is no mistake in the code.
            return new Broken(started ? "the test did not end in time" : "the test did not begin in time");
        }
        return started && report.contains(OneTest.PASSED) ? new Survived() : new Broken("no test was run");
    }

    private static Verdict failed(OneTest.Trouble trouble, String type, String message) {
        return switch (trouble) {
            case ASSERTION -> new Caught(cut(message));
            case TIMEOUT -> new Caught(cut("in vain: " + message));
            case OTHER -> new Broken(cut("the test fell over " + type + ": " + message));
            case BEFORE -> new Broken(cut("the test did not begin: " + type + ": " + message));
        };
    }
}
