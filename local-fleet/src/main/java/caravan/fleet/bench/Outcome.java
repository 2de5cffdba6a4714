package caravan.fleet.bench;

import caravan.fleet.bench.Load.Order;
import caravan.fleet.bench.Load.Sent;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run at one rate.
 *
 * @param rate orders a second that were due
 * @param stages the places on an order's way; {@code judged} is the one that counts
 * @param inTime orders that came there within five seconds of when they were due
 * @param grown orders under way at the end of the run beyond those at half time; up to {@code mayGrow} it may be chance
 * @param reads latencies of what was read meanwhile
 */
public record Outcome(
        int rate,
        double seconds,
        int due,
        int accepted,
        Map<Integer, Integer> refused,
        int inTime,
        int grown,
        int mayGrow,
        List<Stage> stages,
        Stage judged,
        Map<String, Latency> reads,
        Costs costs) {

    private static final long IN_TIME_MICROS = 5_000_000;
    private static final double PART_IN_TIME = 0.99;
    /** More work under way than a quarter second's at the end than in the middle: it would never end. */
    private static final double MOST_GROWTH_SECONDS = 0.25;
    /** Independent arrivals: a count of n is off by its root as a rule, and by three of them hardly ever. */
    private static final double CHANCE = 3;

    /** @param judged one of the places that are reached */
    static Outcome of(int rate, Sent sent, List<Reached> reached, Reached judged, Costs costs) {
        long half = (sent.fromMicros() + sent.toMicros()) / 2;
        int inTime = 0;
        int underWayAtHalf = 0;
        int underWayAtEnd = 0;
        for (Order order : sent.accepted()) {
            long at = judged.at(order.id());
            inTime += at != Reached.NEVER && at - order.dueMicros() <= IN_TIME_MICROS ? 1 : 0;
            underWayAtHalf += order.dueMicros() <= half && at > half ? 1 : 0;
            underWayAtEnd += at > sent.toMicros() ? 1 : 0;
        }
        return new Outcome(
                rate,
                sent.seconds(),
                sent.due(),
                sent.accepted().size(),
                sent.refused(),
                inTime,
                underWayAtEnd - underWayAtHalf,
                (int) (MOST_GROWTH_SECONDS * rate + CHANCE * Math.sqrt(underWayAtEnd + underWayAtHalf)),
                reached.stream().map(place -> Stage.of(sent, place)).toList(),
                Stage.of(sent, judged),
                sent.reads(),
                costs);
    }

    /** At least 99 % of what was due came through within five seconds, and what is under way does not grow. */
    public boolean held() {
        return inTime >= PART_IN_TIME * due && grown <= mayGrow;
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
        JsonObject places = new JsonObject();
        stages.forEach(stage -> places.put(stage.place(), stage.json()));
        JsonObject beside = new JsonObject();
        reads.forEach((what, latency) -> beside.put(what, latency.json()));
        return new JsonObject()
                .put("rate", rate)
                .put("seconds", seconds)
                .put("held", held())
                .put("due", due)
                .put("refused", refusals)
                .put("stages", places)
                .put("judgedBy", judged.place())
                .put("withinFiveSeconds", inTime)
                .put("underWayGrownBy", grown)
                .put("reads", beside)
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
