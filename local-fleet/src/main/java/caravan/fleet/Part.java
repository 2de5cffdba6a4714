package caravan.fleet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One program of the fleet: how it is prepared, started, probed and stopped. Parts keep no process; {@link Child} does. */
public interface Part {
    String name();

    /** Ports on 127.0.0.1 that must be free before the program starts; the first is the one that others talk to. */
    List<Integer> ports();

    /**
     * Makes what the program needs before its first start (a data folder, say) and does nothing when that is there.
     *
     * @param log where programs that help with it write to
     * @throws FleetException when something is missing, with the command that brings it
     */
    void prepare(Path log);

    /** The program and its arguments. A word in it must identify the program among all processes of the machine. */
    List<String> command();

    /** What is added to this process's own environment. */
    default Map<String, String> environment() {
        return Map.of();
    }

    /** One bounded look (at most two seconds) whether the program does its work now. */
    boolean ready();

    /** Called once after each start, when the program became ready. */
    default void onReady() {}

    /**
     * Whether it runs and can do its work no more, and only another start, with {@link #prepare} before it, helps. Looked at every now and then while it runs; one
     * bounded look like {@link #ready}.
     */
    default boolean beyondHope() {
        return false;
    }

    /** How long a start may take on a slow, busy machine before it counts as failed. */
    default Duration startBound() {
        return Duration.ofSeconds(60);
    }

    /** The signal that asks for an orderly end. */
    default String stopSignal() {
        return "TERM";
    }

    /** How long an orderly end may take before the program is killed. */
    default Duration stopBound() {
        return Duration.ofSeconds(15);
    }
}
