package caravan.gateway.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;

/**
 * What is asked of a service in nobody's name.
 *
 * @param headers all that the service gets to see, but for the trace
 * @param mostBytes of a body that is worth holding
 * @param within the answer has come, as a whole, or is not wanted any more
 */
public record Question(Route route, HttpMethod method, String uri, MultiMap headers, int mostBytes, Duration within) {}
