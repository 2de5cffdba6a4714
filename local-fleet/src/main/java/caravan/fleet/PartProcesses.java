package caravan.fleet;

import java.util.List;
import java.util.stream.Stream;

/** Which processes a part consists of. */
final class PartProcesses {
    private static final String POSTGRESQL = "postgresql";

    private PartProcesses() {}

    /** PostgreSQL's children are PostgreSQL, the replica's too; the supervisor's are parts of their own. */
    static List<ProcessHandle> of(String part, ProcessHandle first) {
        return part.startsWith(POSTGRESQL)
                ? Stream.concat(Stream.of(first), first.descendants()).toList()
                : List.of(first);
    }
}
