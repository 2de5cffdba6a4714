package caravan.gateway.proxy;

import io.vertx.core.json.JsonObject;
import java.time.Duration;

/**
 * As many sagas may be open as end within the objective. Between two words from the orchestrator every order that is
 * admitted counts as open, and as many as usual are taken to have ended: so a full fleet takes orders in at the pace at
 * which it ends them, instead of all for a second and none for the next. No I/O; any thread.
 */
final class AdmissionWindow {

    private static final Duration LONGEST = Duration.ofSeconds(30);
    /** A busy orchestrator answers late, and that is no reason to send it more. */
    private static final Duration KNOWN_FOR = Duration.ofSeconds(10);

    private static final double NANOS_A_SECOND = 1e9;

    /** @param open sagas that have not ended */
    record Load(long open, double endedPerSecond) {

        /** The orchestrator being away stops no order from being accepted: as if they ended as fast as they come. */
        static final Load UNKNOWN = new Load(0, Double.MAX_VALUE);

        static Load of(JsonObject json) {
            Long open = json.getLong("open");
            Double ended = json.getDouble("endedPerSecond");
            return open == null || ended == null ? UNKNOWN : new Load(open, ended);
        }
    }

    private final ProxyConfig.AdmissionRules rules;
    private Load load = Load.UNKNOWN;
    private long learntAtNs;
    private long admitted;

    AdmissionWindow(ProxyConfig.AdmissionRules rules) {
        this.rules = rules;
    }

    synchronized void learn(Load now, long nowNs) {
        load = now;
        learntAtNs = nowNs;
        admitted = 0;
    }

    /** The orchestrator did not answer. */
    synchronized void learnNothing(long nowNs) {
        if (nowNs - learntAtNs > KNOWN_FOR.toNanos()) {
            learn(Load.UNKNOWN, nowNs);
        }
    }

    /** Lets one more order in, if it can end in time. */
    synchronized boolean admit(long nowNs) {
        if (surplus(nowNs) > 0) {
            return false;
        }
        admitted++;
        return true;
    }

    synchronized boolean full(long nowNs) {
        return surplus(nowNs) > 0;
    }

    /** Between 1 and 30 s. */
    synchronized Duration untilItFits(long nowNs) {
        double seconds = load.endedPerSecond > 0 ? surplus(nowNs) / load.endedPerSecond : (double) LONGEST.toSeconds();
        return Duration.ofMillis((long) (Math.clamp(seconds, 1.0, (double) LONGEST.toSeconds()) * 1000));
    }

    /** Orders under way beyond those that may be. */
    private double surplus(long nowNs) {
        double ended = load.endedPerSecond * (nowNs - learntAtNs) / NANOS_A_SECOND;
        double most =
                Math.max(rules.floor(), load.endedPerSecond * rules.within().toMillis() / 1000.0);
        return Math.max(0, load.open + admitted - ended) + 1 - most;
    }
}
