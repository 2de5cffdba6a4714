package caravan.gateway.proxy;

/**
 * How free the way to a service is.
 *
 * @param breaker CLOSED, HALF_OPEN or OPEN
 * @param requests places that are taken by requests
 * @param streams the same by people who wait
 */
public record Way(Target target, String breaker, Use requests, Use streams) {

    public record Use(int active, int most) {

        static Use of(Places places) {
            return new Use(places.active(), places.limit());
        }
    }
}
