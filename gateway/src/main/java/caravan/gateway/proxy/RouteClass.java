package caravan.gateway.proxy;

import java.util.Locale;

/** Routes that share a limit. */
public enum RouteClass {
    AUTH,
    TOKEN,
    ORDERS,
    CATALOG,
    OPS,
    META;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
