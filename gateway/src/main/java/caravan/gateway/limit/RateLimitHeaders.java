package caravan.gateway.limit;

import io.vertx.core.MultiMap;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/**
 * Tells a client how it stands: {@code RateLimit-Policy} and {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-11), {@code
 * Retry-After} (RFC 9110, 10.2.3) when it was refused, and the older {@code X-RateLimit-*} of the tightest policy. {@code t} and
 * {@code Reset} are seconds until the bucket is full. Any thread.
 */
@Singleton
public class RateLimitHeaders {

    /** Nobody plans by it: it is shown only when it is what holds somebody up. */
    private static final String CEILING = "address";

    private final boolean legacy;

    RateLimitHeaders(LimitsConfig config) {
        this.legacy = config.legacyHeaders();
    }

    public void write(Verdict verdict, MultiMap headers) {
        if (!verdict.admitted()) {
            headers.set("Retry-After", Long.toString(wholeSeconds(verdict.retryAfter())));
        }
        if (!verdict.standings().isEmpty()) {
            Standing tightest = tightest(verdict.standings());
            writeStandard(verdict.standings(), tightest, headers);
            if (legacy) {
                writeLegacy(tightest, headers);
            }
        }
    }

    private static void writeStandard(List<Standing> standings, Standing tightest, MultiMap headers) {
        StringBuilder policies = new StringBuilder(48);
        StringBuilder left = new StringBuilder(48);
        for (Standing standing : standings) {
            if (standing.policy().equals(CEILING) && !standing.equals(tightest)) {
                continue;
            }
            item(policies, standing.policy())
                    .append(";q=")
                    .append(standing.quota())
                    .append(";w=")
                    .append(standing.windowSeconds());
            item(left, standing.policy())
                    .append(";r=")
                    .append(standing.remaining())
                    .append(";t=")
                    .append(standing.resetSeconds());
        }
        headers.set("RateLimit-Policy", policies.toString());
        headers.set("RateLimit", left.toString());
    }

    private static void writeLegacy(Standing tightest, MultiMap headers) {
        headers.set("X-RateLimit-Limit", Long.toString(tightest.quota()));
        headers.set("X-RateLimit-Remaining", Long.toString(tightest.remaining()));
        headers.set("X-RateLimit-Reset", Long.toString(tightest.resetSeconds()));
    }

    /** A structured field (RFC 9651): a list of strings with parameters. Names of policies need no escapes. */
    private static StringBuilder item(StringBuilder list, String policy) {
        return (list.isEmpty() ? list : list.append(", "))
                .append('"')
                .append(policy)
                .append('"');
    }

    /** The one with the least left; the earlier of two. */
    private static Standing tightest(List<Standing> standings) {
        Standing tightest = standings.getFirst();
        for (Standing standing : standings) {
            if (standing.remaining() < tightest.remaining()) {
                tightest = standing;
            }
        }
        return tightest;
    }

    private static long wholeSeconds(Duration wait) {
        return Math.max(1, Math.ceilDiv(wait.toNanos(), 1_000_000_000L));
    }
}
