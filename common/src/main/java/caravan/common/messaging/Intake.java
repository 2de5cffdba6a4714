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
import io.smallrye.mutiny.Multi;
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
 * lost. Any other fault halves the batch until the record stands alone ({@link Rounds}); after the last attempt it goes to the
 * dead letters and the partition flows on (rule 10). What cannot be decoded goes there at once, and so does a command or an
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

    /**
     * Gets what cannot be decoded before it is put aside, and gives what of it is to be. It may see a record again at any time; a
     * fault that does not pass puts all of it aside.
     */
    @FunctionalInterface
    public interface Unreadable {
        Uni<List<ConsumerRecord<String, byte[]>>> take(List<ConsumerRecord<String, byte[]>> records);
    }

    /** One poll, and what became of it. */
    private static final class Poll<M extends Message> {
        private final long polledNs = System.nanoTime();
        private final BatchSpans spans;
        private final List<Received<M>> readable = new ArrayList<>();
        private final Set<ConsumerRecord<String, byte[]>> dead = new HashSet<>();

        Poll(BatchSpans spans) {
            this.spans = spans;
        }
    }

    private static final Logger LOG = Logger.getLogger(Intake.class);

    private final MessageTypes<M> types;
    private final Handler<M> handler;
    private final Unreadable unreadable;
    private final Publisher publisher;
    private final DeadLetters deadLetters;
    private final MessagingConfig config;
    private final MessageMetrics metrics;
    private final Tracer tracer;

    Intake(
            MessageTypes<M> types,
            Handler<M> handler,
            Unreadable unreadable,
            Publisher publisher,
            DeadLetters deadLetters,
            MessagingConfig config,
            MessageMetrics metrics,
            Tracer tracer) {
        this.types = types;
        this.handler = handler;
        this.unreadable = unreadable;
        this.publisher = publisher;
        this.deadLetters = deadLetters;
        this.config = config;
        this.metrics = metrics;
        this.tracer = tracer;
    }

    /** Completes when every record is handled or put aside; fails never. */
    public Uni<Void> accept(Iterable<ConsumerRecord<String, byte[]>> records) {
        Poll<M> poll = new Poll<>(BatchSpans.of(tracer, records));
        List<DeadLetter> poison = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                poll.readable.add(Decoding.decode(record, types));
            } catch (PoisonException e) {
                poll.spans.unreadable(record, Envelope.knownType(record.headers(), types), e);
                poison.add(new DeadLetter(record, e, 1));
            }
        }
        return left(poison)
                .chain(left -> bury(left, poll))
                .chain(() -> handleAll(new Rounds<>(poll.readable, config), poll))
                .invoke(() -> count(poll))
                .onTermination()
                .invoke(poll.spans::end);
    }

    /** Of what cannot be decoded, what is nobody's. */
    private Uni<List<DeadLetter>> left(List<DeadLetter> poison) {
        if (poison.isEmpty()) {
            return Uni.createFrom().item(poison);
        }
        List<ConsumerRecord<String, byte[]>> records =
                poison.stream().map(DeadLetter::record).toList();
        return untilItPasses(
                        records.size(),
                        poison.getFirst()::facts,
                        Uni.createFrom().deferred(() -> unreadable.take(records)))
                .onFailure()
                .recoverWithItem(records)
                .map(Set::copyOf)
                .map(left -> poison.stream()
                        .filter(letter -> left.contains(letter.record()))
                        .toList());
    }

    /** Now offsets may be committed, those of the whole poll at once. */
    private void count(Poll<M> poll) {
        long tookNs = System.nanoTime() - poll.polledNs;
        Instant now = Instant.now();
        for (Received<M> received : poll.readable) {
            if (!poll.dead.contains(received.record())) {
                metrics.handled(received, tookNs, now);
            }
        }
        poll.dead.forEach(record -> metrics.dead(record, types, tookNs));
    }

    private Uni<Void> handleAll(Rounds<M> rounds, Poll<M> poll) {
        return Multi.createBy()
                .repeating()
                .uni(() -> next(rounds, poll))
                .whilst(more -> more)
                .onItem()
                .ignoreAsUni();
    }

    /** False when nothing is left. */
    private Uni<Boolean> next(Rounds<M> rounds, Poll<M> poll) {
        return rounds.next()
                .map(next -> after(next.pause())
                        .chain(() -> handle(next, rounds, poll))
                        .replaceWith(true))
                .orElseGet(() -> Uni.createFrom().item(false));
    }

    private static Uni<Void> after(Duration pause) {
        Uni<Void> now = Uni.createFrom().voidItem();
        return pause.isZero() ? now : now.onItem().delayIt().by(pause);
    }

    private Uni<Void> handle(Rounds.Try<M> next, Rounds<M> rounds, Poll<M> poll) {
        return untilItPasses(
                        next.batch().size(),
                        () -> next.first().facts(),
                        Uni.createFrom().deferred(() -> tryOnce(poll.spans.begin(next.batch(), next.attempt()))))
                .onFailure()
                .recoverWithUni(fault -> afterFault(next, fault, rounds, poll));
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

    private Uni<Void> afterFault(Rounds.Try<M> tried, Throwable fault, Rounds<M> rounds, Poll<M> poll) {
        if (rounds.failed(tried, fault)) {
            return bury(List.of(new DeadLetter(tried.first().record(), fault, tried.attempt())), poll);
        }
        Facts facts = tried.first().facts();
        if (tried.isAlone()) {
            facts.attempt(tried.attempt()).tell(() -> LOG.infof("failed: %s", Faults.describe(fault)));
        } else {
            facts.tell(() -> LOG.debugf(
                    "batch of %d failed, halving: %s", (Object) tried.batch().size(), Faults.describe(fault)));
        }
        return Uni.createFrom().voidItem();
    }

    private Uni<Void> bury(List<DeadLetter> letters, Poll<M> poll) {
        letters.forEach(letter -> poll.dead.add(letter.record()));
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
                        .invoke(() -> letters.forEach(letter -> poll.spans.buried(letter.record())));
    }

    /** @param first stands for all of them in the log */
    private <T> Uni<T> untilItPasses(int records, Supplier<Facts> first, Uni<T> work) {
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
