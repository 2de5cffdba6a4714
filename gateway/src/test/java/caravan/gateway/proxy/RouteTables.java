package caravan.gateway.proxy;

import java.time.Duration;
import java.util.List;

/** The route table for tests of other packages. */
public final class RouteTables {

    private RouteTables() {}

    public static List<Route> usual() {
        return Routes.all(Duration.ofSeconds(3));
    }
}
