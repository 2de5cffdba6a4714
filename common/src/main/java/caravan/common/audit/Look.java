package caravan.common.audit;

import caravan.audit.Violation;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;

/** One look after the other at a service's own rows. The next begins when the last has ended. */
public interface Look {

    /**
     * What one look has seen.
     *
     * @param judged subjects that were looked at
     * @param found what is wrong with them
     */
    record Looked(List<String> judged, List<Violation> found) {

        public Looked {
            judged = List.copyOf(judged);
            found = List.copyOf(found);
        }
    }

    /**
     * Looks on, and once more at some.
     *
     * @param again subjects of earlier violations
     */
    Uni<Looked> look(Collection<String> again);
}
