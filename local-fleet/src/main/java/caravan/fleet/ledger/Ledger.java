package caravan.fleet.ledger;

import caravan.fleet.Fleet;
import caravan.fleet.FleetException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The pattern ledger: {@code docs/patterns.md} says what the techniques are for, and this what they are worth. */
public final class Ledger {

    private Ledger() {}

    /**
     * Measures each technique on a fleet that has nothing else to do and holds some ended orders; says what it finds as Markdown.
     *
     * @param page whose figures are replaced; {@code null} leaves the page alone
     */
    public static List<String> measure(
            Fleet fleet, @org.jspecify.annotations.Nullable Path page, Consumer<String> progress) {
        try (Crowd crowd = new Crowd()) {
            Ground ground = new Ground(fleet, crowd, new Counts(crowd), progress);
            List<Finding> findings = new ArrayList<>(new DataTechniques(ground).all());
            findings.addAll(new CacheTechniques(ground).all());
            List<String> table = Page.table(findings);
            if (page != null) {
                Page.write(page, table);
            }
            return table;
        } catch (SQLException e) {
            throw new FleetException("The databases cannot be read: " + e.getMessage(), e);
        }
    }
}
