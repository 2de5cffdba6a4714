package caravan.fleet.bench;

import caravan.fleet.bench.Load.Sent;
import io.vertx.core.json.JsonObject;

/**
 * One place on the way of a run's orders.
 *
 * @param count orders that came there at all
 * @param perSecond those that came there before the run was over
 * @param latency from when an order was due
 */
record Stage(String place, int count, double perSecond, Latency latency) {

    static Stage of(Sent sent, Reached reached) {
        long inRun = sent.accepted().stream()
                .filter(order -> reached.at(order.id()) <= sent.toMicros())
                .count();
        Latency latency = Latency.of(sent.accepted().stream()
                .filter(order -> reached.at(order.id()) != Reached.NEVER)
                .mapToLong(order -> reached.at(order.id()) - order.dueMicros()));
        return new Stage(reached.place(), (int) latency.count(), inRun / sent.seconds(), latency);
    }

    JsonObject json() {
        return latency.json().put("perSecond", perSecond);
    }
}
