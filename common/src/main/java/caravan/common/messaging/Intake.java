package caravan.common.messaging;

import caravan.common.contract.Command;
import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.OrderEvent;
import caravan.common.contract.ProductChanged;
import caravan.common.contract.Reply;
import caravan.common.contract.SagaAdvanced;
import caravan.common.contract.SagasForgotten;
import caravan.common.log.Facts;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Takes polled batches: decodes them, has them handled, sends what comes out, and completes; only then may offsets be
 * committed (rule 1).
 *
 * <p>A fault of the surroundings is retried with capped backoff for as long as it lasts: the partition waits, nothing is
 * lost. Any other fault halves the batch until the record stands alone; after the last attempt it goes to the dead
 * letters and the partition flows on (rule 10). What cannot be decoded goes there at once, and so does a command or an
 * order's event that is older than the replay window (rule 11).
 *
 * <p>The handler may see a record again at any time and must answer it the same way. Not thread-safe: one batch at a time.
 */
public final class Intake<M extends Message> {

    /** Handles a batch in one transaction and gives what to send once it is committed. */
    @FunctionalInterface
    public interface Handler<M extends Message> {
        Uni<List<Outgoing>> handle(List<Received<M>> batch);
    }

    private static final Logger LOG = Logger.getLogger(Intake.class);

    private final MessageTypes<M> types;
    private final Handler<M> handler;
    private final Publisher publisher;
    private final DeadLetters deadLetters;
    private final MessagingConfig config;
    private final MessageMetrics metrics;
    private final Set<ConsumerRecord<String, byte[]>> dead = new HashSet<>();
    private final Tracer tracer;

    Intake(
            MessageTypes<M> types,
            Handler<M> handler,
            Publisher publisher,
            DeadLetters deadLetters,
            MessagingConfig config,
            MessageMetrics metrics,
            Tracer tracer) {
        this.types = types;
        this.handler = handler;
        this.publisher = publisher;
        this.deadLetters = deadLetters;
        this.config = config;
        this.metrics = metrics;
        this.tracer = tracer;
    }

    /** Completes when every record is handled or put aside; fails never. */
    public Uni<Void> accept(Iterable<ConsumerRecord<String, byte[]>> records) {
        long polledNs = System.nanoTime();
        dead.clear();
        List<Received<M>> readable = new ArrayList<>();
        List<DeadLetter> poison = new ArrayList<>();
        BatchSpans spans = BatchSpans.of(tracer, records);
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                readable.add(Decoding.decode(record, types));
            } catch (PoisonException e) {
                spans.unreadable(record, Envelope.knownType(record.headers(), types), e);
                poison.add(new DeadLetter(record, e, 1));
            }
        }
        return bury(poison, spans)
                .chain(() -> inChunks(readable, 0, spans))
                .invoke(() -> count(readable, polledNs))
                .onTermination()
                .invoke(spans::end);
    }

    /** Now offsets may be committed, those of the whole poll at once. */
    private void count(List<Received<M>> readable, long polledNs) {
        long tookNs = System.nanoTime() - polledNs;
        Instant now = Instant.now();
        for (Received<M> received : readable) {
            if (!dead.contains(received.record())) {
                metrics.handled(received, tookNs, now);
            }
        }
        dead.forEach(record -> metrics.dead(record, types, tookNs));
    }

    private Uni<Void> inChunks(List<Received<M>> batch, int from, BatchSpans spans) {
        if (from >= batch.size()) {
            return Uni.createFrom().voidItem();
        }
        int to = Math.min(batch.size(), from + config.maxBatch());
        return process(batch.subList(from, to), 1, spans).chain(() -> inChunks(batch, to, spans));
    }

    private Uni<Void> process(List<Received<M>> batch, int attempt, BatchSpans spans) {
        return untilItPasses(
                        batch.size(),
                        () -> batch.getFirst().facts(),
                        Uni.createFrom().deferred(() -> tryOnce(spans.begin(batch, attempt))))
                .onFailure()
                .recoverWithUni(fault -> afterFault(batch, attempt, fault, spans));
    }

    private Uni<Void> tryOnce(BatchSpans.Tries<M> tries) {
        return Uni.createFrom()
                .deferred(() -> handle(tries.batch()))
                .chain(publisher::send)
                .onTermination()
                .invoke((_, fault, cancelled) -> tries.end(fault, cancelled));
    }

    /** Looked at with each try: a batch may have waited for days. */
    private Uni<List<Outgoing>> handle(List<Received<M>> batch) {
        Instant now = Instant.now();
        batch.forEach(received -> refuseForgotten(received, now, config.replayWindow()));
        return handler.handle(batch);
    }

    /** Where a saga is forgotten, what comes of it would look new and take effect a second time (rule 11). */
    static void refuseForgotten(Received<?> received, Instant now, Duration replayWindow) {
        boolean actsOnce = switch ((Message) received.message()) {
            case Command _, OrderEvent _ -> true;
            // Nothing begins with these; an answer to nobody is counted, a fact is folded once.
            case Reply _, SagaAdvanced _, SagasForgotten _, ProductChanged _ -> false;
        };
        Instant said = received.envelope().time();
        if (actsOnce && said.isBefore(now.minus(replayWindow))) {
            throw new PoisonException("said at %s, before the replay window of %s: its saga may be forgotten"
                    .formatted(said, replayWindow));
        }
    }

    private Uni<Void> afterFault(List<Received<M>> batch, int attempt, Throwable fault, BatchSpans spans) {
        if (batch.size() > 1) {
            batch.getFirst()
                    .facts()
                    .tell(() -> LOG.debugf(
                            "batch of %d failed, halving: %s", (Object) batch.size(), Faults.describe(fault)));
            int half = batch.size() / 2;
            return process(batch.subList(0, half), 1, spans)
                    .chain(() -> process(batch.subList(half, batch.size()), 1, spans));
        }
        Received<M> alone = batch.getFirst();
        if (isDead(fault, attempt, config)) {
            return bury(List.of(new DeadLetter(alone.record(), fault, attempt)), spans);
        }
        alone.facts().attempt(attempt).tell(() -> LOG.infof("failed: %s", Faults.describe(fault)));
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(waitAfter(attempt, config))
                .chain(() -> process(batch, attempt + 1, spans));
    }

    /** Whether a record that stands alone is put aside. */
    static boolean isDead(Throwable fault, int attempt, MessagingConfig config) {
        return attempt >= config.attempts() || fault instanceof PoisonException;
    }

    static Duration waitAfter(int attempt, MessagingConfig config) {
        return config.firstWait().multipliedBy(1L << Math.min(attempt, 10));
    }

    private Uni<Void> bury(List<DeadLetter> letters, BatchSpans spans) {
        letters.forEach(letter -> dead.add(letter.record()));
        return letters.isEmpty()
                ? Uni.createFrom().voidItem()
                : untilItPasses(
                                letters.size(),
                                letters.getFirst()::facts,
                                Uni.createFrom().deferred(() -> deadLetters.bury(letters)))
                        .onFailure()
                        .retry()
                        .withBackOff(config.firstWait(), config.longestWait())
                        .indefinitely()
                        .invoke(() -> letters.forEach(letter -> spans.buried(letter.record())));
    }

    /** @param first stands for all of them in the log */
    private Uni<Void> untilItPasses(int records, Supplier<Facts> first, Uni<Void> work) {
        return work.onFailure(Faults::passes)
                .invoke(fault -> first.get()
                        .tell(() -> LOG.warnf(
                                "%d records wait for the surroundings: %s", (Object) records, Faults.describe(fault))))
                .onFailure(Faults::passes)
                .retry()
                .withBackOff(config.firstWait(), config.longestWait())
                .withJitter(0.3)
                .indefinitely();
    }
}
