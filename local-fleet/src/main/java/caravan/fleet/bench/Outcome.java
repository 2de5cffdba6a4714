package caravan.fleet.bench;

import caravan.fleet.bench.Load.Order;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * One run at one rate.
 *
 * @param rate orders a second that were due
 * @param decided approved or rejected; {@code decidedInTime} within five seconds of when the order was due
 * @param grown orders under way at the end of the run beyond those at half time; up to {@code mayGrow} it may be chance
 * @param decision from due to the commit that approved or rejected
 * @param ending from due to the last change of the read model: mail recorded, or everything undone
 */
record Outcome(
        int rate,
        double seconds,
        int due,
        int accepted,
        Map<Integer, Integer> refused,
        int decided,
        int decidedInTime,
        double decidedPerSecond,
        int grown,
        int mayGrow,
        Latency acceptance,
        Latency decision,
        Latency ending,
        Costs costs) {

    private static final long IN_TIME_MICROS = 5_000_000;
    private static final double PART_IN_TIME = 0.99;
    /** More work under way than a quarter second's at the end than in the middle: it would never end. */
    private static final double MOST_GROWTH_SECONDS = 0.25;
    /** Independent arrivals: a count of n is off by its root as a rule, and by three of them hardly ever. */
    private static final double CHANCE = 3;

    static Outcome of(int rate, Load.Sent sent, Map<UUID, Long> decided, Map<UUID, Long> shown, Costs costs) {
        long half = (sent.fromMicros() + sent.toMicros()) / 2;
        int inTime = 0;
        int inRun = 0;
        int underWayAtHalf = 0;
        int underWayAtEnd = 0;
        int ended = 0;
        for (Order order : sent.accepted()) {
            long at = decided.getOrDefault(order.id(), Long.MAX_VALUE);
            ended += at == Long.MAX_VALUE ? 0 : 1;
            inTime += at != Long.MAX_VALUE && at - order.dueMicros() <= IN_TIME_MICROS ? 1 : 0;
            inRun += at <= sent.toMicros() ? 1 : 0;
            underWayAtHalf += order.dueMicros() <= half && at > half ? 1 : 0;
            underWayAtEnd += at > sent.toMicros() ? 1 : 0;
        }
        double seconds = (sent.toMicros() - sent.fromMicros()) / 1e6;
        return new Outcome(
                rate,
                seconds,
                sent.due(),
                sent.accepted().size(),
                sent.refused(),
                ended,
                inTime,
                inRun / seconds,
                underWayAtEnd - underWayAtHalf,
                (int) (MOST_GROWTH_SECONDS * rate + CHANCE * Math.sqrt(underWayAtEnd + underWayAtHalf)),
                Latency.of(sent.accepted().stream().mapToLong(order -> order.answeredMicros() - order.dueMicros())),
                since(sent, decided),
                since(sent, shown),
                costs);
    }

    private static Latency since(Load.Sent sent, Map<UUID, Long> times) {
        return Latency.of(sent.accepted().stream()
                .filter(order -> times.containsKey(order.id()))
                .mapToLong(order -> times.getOrDefault(order.id(), 0L) - order.dueMicros()));
    }

    /** At least 99 % of what was due was decided within five seconds, and what is under way does not grow. */
    boolean held() {
        return decidedInTime >= PART_IN_TIME * due && grown <= mayGrow;
    }

    double cpuMillisPerOrder() {
        return perOrder(costs.cpuMillis().values().stream().mapToLong(ms -> ms).sum());
    }

    double perOrder(long cost) {
        return accepted == 0 ? 0 : (double) cost / accepted;
    }

    JsonObject json() {
        JsonObject refusals = new JsonObject();
        refused.forEach((status, count) -> refusals.put(status == 0 ? "none" : String.valueOf(status), count));
        return new JsonObject()
                .put("rate", rate)
                .put("seconds", seconds)
                .put("held", held())
                .put("due", due)
                .put("accepted", accepted)
                .put("acceptedPerSecond", accepted / seconds)
                .put("refused", refusals)
                .put("decided", decided)
                .put("decidedWithinFiveSeconds", decidedInTime)
                .put("decidedPerSecond", decidedPerSecond)
                .put("underWayGrownBy", grown)
                .put("acceptance", acceptance.json())
                .put("decision", decision.json())
                .put("ending", ending.json())
                .put("cpuMsPerOrder", cpuMillisPerOrder())
                .put("cpuMsPerOrderByPart", perOrder(costs.cpuMillis()))
                .put("commitsPerOrderByDatabase", perOrder(costs.commits()))
                .put("walBytesPerOrderByDatabase", perOrder(costs.walBytes()))
                .put("kafkaRecordsPerOrder", perOrder(costs.kafkaRecords()));
    }

    private JsonObject perOrder(Map<String, Long> costs) {
        Map<String, Object> each = new LinkedHashMap<>();
        costs.forEach((name, cost) -> each.put(name, perOrder(cost)));
        return new JsonObject(each);
    }
}
