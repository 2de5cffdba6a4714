package caravan.common.messaging;

import caravan.common.contract.Command;
import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.SagasForgotten;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;

/** Builds the intakes of a service. */
@Singleton
public class Messaging {

    private final Pool pool;
    private final Publisher publisher;
    private final DeadLetters deadLetters;
    private final MessagingConfig config;
    private final MessageMetrics metrics;
    private final Tracer tracer;

    Messaging(
            Pool pool,
            Publisher publisher,
            DeadLetters deadLetters,
            MessagingConfig config,
            MessageMetrics metrics,
            Tracer tracer) {
        this.pool = pool;
        this.publisher = publisher;
        this.deadLetters = deadLetters;
        this.config = config;
        this.metrics = metrics;
        this.tracer = tracer;
    }

    /** Commands through the inbox: each takes effect once, each is answered. */
    public <C extends Command> Intake<C> participant(MessageTypes<C> types, Participant<C> participant) {
        return intake(types, new Inbox<>(pool, participant, config.source(), metrics.duplicates()));
    }

    /** Any other batch; the handler itself is idempotent. */
    public <M extends Message> Intake<M> intake(MessageTypes<M> types, Intake.Handler<M> handler) {
        return intake(types, handler, records -> Uni.createFrom().item(records));
    }

    /** The same, where what cannot be decoded here may still be somebody's. */
    public <M extends Message> Intake<M> intake(
            MessageTypes<M> types, Intake.Handler<M> handler, Intake.Unreadable unreadable) {
        return new Intake<>(types, handler, unreadable, publisher, deadLetters, config, metrics, tracer);
    }

    /** Forgets what came of sagas that are forgotten. */
    public Intake<SagasForgotten> retention() {
        return retention((_, _) -> List.of());
    }

    public Intake<SagasForgotten> retention(Retention.Besides besides) {
        return intake(MessageTypes.SAGA_RETENTION, new Retention(pool, besides));
    }

    /** How old a command or an order's event may be. */
    public Duration replayWindow() {
        return config.replayWindow();
    }

    /** What this service calls itself on the wire. */
    public String source() {
        return config.source();
    }
}
