package caravan.gateway.limit;

import java.time.Duration;
import java.util.List;

/**
 * Whether a request may pass.
 *
 * @param sessionDenied its session has been ended; never said while Redis is away
 * @param retryAfter when the same request would be admitted if nobody else asked; zero when it is
 * @param standings of the enforced policies that apply, the one named {@code default} first
 */
public record Verdict(boolean admitted, boolean sessionDenied, Duration retryAfter, List<Standing> standings) {

    static final Verdict UNLIMITED = new Verdict(true, false, Duration.ZERO, List.of());
}
