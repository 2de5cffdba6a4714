package caravan.fleet;

import java.util.List;
import java.util.Map;

/**
 * What makes a fleet breakable from outside: its services reach what they need by ways that somebody can hold up, and the card network is a process of its
 * own, which can be killed.
 *
 * @param environment of each service, after everything else
 * @param listeners of the broker, besides its own
 */
public record Exposure(Map<String, Map<String, String>> environment, List<KafkaBroker.Listener> listeners) {
    public Exposure {
        environment = Map.copyOf(environment);
        listeners = List.copyOf(listeners);
    }
}
