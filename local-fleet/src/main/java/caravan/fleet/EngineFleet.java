package caravan.fleet;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** PostgreSQL, Kafka and the orchestrator, empty, on free ports: what the engine is measured on. */
final class EngineFleet {
    private static final String ENGINE = "saga-orchestrator";

    /** Three processes, and caches that are worth something. */
    private static final long NEEDED_BYTES = 1_500L << 20;

    /** Nobody is there who could be asked what he holds of an order. */
    private static final Map<String, String> ENVIRONMENT = Map.of("CARAVAN_AUDIT_ENABLED", "false");

    private EngineFleet() {}

    /** Ends with this JVM at the latest. Logs stay; the data goes at the next start. */
    static Fleet start(DataFolder folder, Consumer<String> console) {
        Memory.require(NEEDED_BYTES, "The engine with its database and its broker");
        Set<String> without = new HashSet<>(Ports.SERVICES);
        without.addAll(FleetOptions.SERVANTS);
        without.remove(ENGINE);
        Fleet fleet = Fleet.prepare(
                new FleetOptions(folder.root(), Checkout.find().root(), Ports.free(), without, ENVIRONMENT, console));
        Runtime.getRuntime().addShutdownHook(new Thread(fleet::close, "stop"));
        try {
            // Not before the fleet has its lock.
            DataFolder.delete(folder.root().resolve("data"));
            fleet.startAll();
            return fleet;
        } catch (RuntimeException e) {
            fleet.close();
            throw e;
        }
    }
}
