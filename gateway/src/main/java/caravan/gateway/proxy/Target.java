package caravan.gateway.proxy;

import java.util.Locale;

/** Who answers a route. */
public enum Target {
    ORDER,
    INVENTORY,
    SAGA,
    /** The gateway itself. */
    LOCAL;

    /** In logs, metrics and problem details. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
