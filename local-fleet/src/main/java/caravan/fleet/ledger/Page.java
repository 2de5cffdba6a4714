package caravan.fleet.ledger;

import caravan.fleet.FleetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The page whose figures are not typed in by hand: the lines between its two marks are what was measured last. */
final class Page {

    private static final String BEGIN = "<!-- figures: written by ./caravan ledger -->";
    private static final String END = "<!-- end of figures -->";

    private static final List<String> HEAD =
            List.of("| technique | off | what is measured | with | without |", "|---|---|---|---|---|");

    private Page() {}

    static List<String> table(List<Finding> findings) {
        List<String> lines = new ArrayList<>(HEAD);
        findings.forEach(finding -> lines.add(finding.row()));
        return lines;
    }

    /** @throws FleetException when the page or one of its marks is missing */
    static void write(Path page, List<String> figures) {
        try {
            List<String> lines = Files.readAllLines(page);
            int begin = lines.indexOf(BEGIN);
            int end = lines.indexOf(END);
            if (begin < 0 || end < begin) {
                throw new FleetException(
                        page + " has lost the lines '" + BEGIN + "' and '" + END + "': put them back.");
            }
            List<String> all = new ArrayList<>(lines.subList(0, begin + 1));
            all.addAll(figures);
            all.addAll(lines.subList(end, lines.size()));
            Files.write(page, all);
        } catch (IOException e) {
            throw new FleetException("Cannot write " + page + ": " + e.getMessage(), e);
        }
    }
}
