package caravan.fleet.bench;

import caravan.fleet.bench.Load.Order;
import java.time.Duration;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** What is put under load: how, and where its orders leave a trace. */
public interface Workload {

    /** Returns when the next run may begin. */
    default void awaitReady() {}

    /**
     * One run of orders.
     *
     * @param rate orders a second in a given second of the run
     */
    Load.Sent run(Duration length, IntUnaryOperator rate);

    /** Waits until nothing is under way; false when something still is after {@code bound}. */
    boolean awaitEnd(Duration bound);

    /** When these orders were seen at each place, in the order of their way. */
    List<Reached> reached(List<Order> accepted);

    /** The place at which a rate is judged. */
    String judgedBy();
}
