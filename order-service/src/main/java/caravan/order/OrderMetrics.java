package caravan.order;

import caravan.common.sql.WalPosition;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Every meter of the service. */
@Singleton
class OrderMetrics {

    private final Map<String, Counter> requests = new ConcurrentHashMap<>();
    private final Map<String, Counter> cancels = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final DistributionSummary batch;
    private final Counter announcedAgain;
    private final Counter unknownOrders;
    private final Counter eventsSent;
    private final Counter cancelSaidAgain;

    OrderMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.batch = meters.summary("orders.accept.batch");
        this.announcedAgain = meters.counter("orders.announced.again");
        this.cancelSaidAgain = meters.counter("orders.cancel.announced.again");
        this.unknownOrders = meters.counter("orders.events.unknown");
        this.eventsSent = meters.counter("orders.events.sent");
    }

    void accepting(int drafts) {
        batch.record(drafts);
    }

    void decided(Verdict verdict) {
        String outcome = switch (verdict) {
            case Verdict.Accepted _ -> "accepted";
            case Verdict.Replayed _ -> "replayed";
            case Verdict.KeyReused _ -> "key-reused";
            case Verdict.Refused _ -> "refused";
        };
        requests.computeIfAbsent(outcome, label -> meters.counter("orders.requests", "outcome", label))
                .increment();
    }

    void cancelDecided(CancelVerdict verdict) {
        String outcome = switch (verdict) {
            case CancelVerdict.Unknown _ -> "unknown";
            case CancelVerdict.KeyReused _ -> "key-reused";
            case CancelVerdict.Settled(CancelAnswer answer, boolean replayed, WalPosition _) ->
                replayed ? "replayed" : answer.label();
            case CancelVerdict.Open _ -> throw new IllegalStateException("nothing is decided yet");
        };
        cancels.computeIfAbsent(outcome, label -> meters.counter("orders.cancel.requests", "outcome", label))
                .increment();
    }

    void cancelSaidAgain(int orders) {
        cancelSaidAgain.increment(orders);
    }

    void announcedAgain(int orders) {
        announcedAgain.increment(orders);
    }

    void watchers(Supplier<Number> watchers) {
        Gauge.builder("orders.watchers", watchers).register(meters);
    }

    void eventsSent(int events) {
        eventsSent.increment(events);
    }

    void unknownOrders(int events) {
        unknownOrders.increment(events);
    }
}
