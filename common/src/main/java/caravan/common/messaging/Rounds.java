package caravan.common.messaging;

import caravan.common.contract.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What of a poll is tried next, and with whom. Of a batch that fails the first half is tried; when that goes well, one of the
 * other half is to blame, and the search goes on there; when it fails, the other half is left for later, in one batch with all that
 * are left so. That finds one record among 256 in nine tries. If the rest fails as well there are many, and it is halved, and halved again.
 *
 * <p>A record that fails alone is tried again in the next round, when all others are done; what comes after it under its key waits
 * with it. So nobody waits for poison (rule 10), and one saga's messages keep their order.
 *
 * <p>No I/O. One try at a time: each is followed by the next, or by {@link #failed} before that.
 */
final class Rounds<M extends Message> {

    /**
     * @param attempt 1 for the first; of a record that is tried alone
     * @param pause before it
     */
    record Try<M extends Message>(List<Received<M>> batch, int attempt, Duration pause) {

        Received<M> first() {
            return batch.getFirst();
        }

        boolean isAlone() {
            return batch.size() == 1;
        }
    }

    private final MessagingConfig config;
    private final List<Received<M>> nextRound;
    private final Deque<List<Received<M>>> round = new ArrayDeque<>();
    private final Deque<List<Received<M>>> halves = new ArrayDeque<>();
    private final Set<String> waitingKeys = new HashSet<>();
    private final IdentityHashMap<ConsumerRecord<?, ?>, Integer> failures = new IdentityHashMap<>();
    /** One of them is to blame, unless it was chance; empty while nobody is looked for. */
    private List<Received<M>> suspects = List.of();
    /** Of the batch in which somebody is looked for: what was tried with others only. */
    private List<Received<M>> rest = List.of();

    private boolean theyAreMany;
    private Duration pause = Duration.ZERO;

    Rounds(List<Received<M>> polled, MessagingConfig config) {
        this.config = config;
        this.nextRound = new ArrayList<>(polled);
    }

    /** Empty when every record is handled or dead. */
    Optional<Try<M>> next() {
        while (isSomethingLeft()) {
            List<Received<M>> batch = free(take());
            if (!batch.isEmpty()) {
                Duration before = pause;
                pause = Duration.ZERO;
                return Optional.of(new Try<>(batch, 1 + failuresOf(batch.getFirst()), before));
            }
        }
        return Optional.empty();
    }

    private boolean isSomethingLeft() {
        return !halves.isEmpty() || !suspects.isEmpty() || !rest.isEmpty() || !round.isEmpty() || !nextRound.isEmpty();
    }

    private List<Received<M>> take() {
        if (!halves.isEmpty()) {
            return halves.remove();
        }
        if (!suspects.isEmpty()) {
            int first = Math.max(1, suspects.size() / 2);
            List<Received<M>> batch = suspects.subList(0, first);
            suspects = suspects.subList(first, suspects.size());
            return batch;
        }
        theyAreMany = !rest.isEmpty();
        if (theyAreMany) {
            List<Received<M>> batch = rest;
            rest = List.of();
            return batch;
        }
        if (round.isEmpty()) {
            begin();
        }
        return round.remove();
    }

    /** Says whether the record is dead: it stood alone, and was tried often enough or cannot be handled ever. */
    boolean failed(Try<M> attempt, Throwable fault) {
        // Those that it was not tried with: they may be well. They came after it.
        rest = Stream.concat(suspects.stream(), rest.stream()).toList();
        suspects = List.of();
        if (attempt.isAlone()) {
            return failedAlone(attempt, fault);
        }
        List<Received<M>> batch = attempt.batch;
        if (theyAreMany) {
            int half = batch.size() / 2;
            halves.addFirst(batch.subList(half, batch.size()));
            halves.addFirst(batch.subList(0, half));
        } else {
            suspects = batch;
        }
        return false;
    }

    private boolean failedAlone(Try<M> attempt, Throwable fault) {
        if (attempt.attempt >= config.attempts() || fault instanceof PoisonException) {
            return true;
        }
        Received<M> alone = attempt.first();
        failures.put(alone.record(), attempt.attempt);
        if (alone.record().key() != null) {
            waitingKeys.add(alone.record().key());
        }
        nextRound.add(alone);
        return false;
    }

    /** Records that failed stay alone, so that a second failure is theirs. */
    private void begin() {
        List<Received<M>> chunk = new ArrayList<>();
        int most = 0;
        for (Received<M> received : nextRound) {
            boolean alone = failuresOf(received) > 0;
            most = Math.max(most, failuresOf(received));
            if (alone || chunk.size() == config.maxBatch()) {
                put(chunk);
                chunk = new ArrayList<>();
            }
            chunk.add(received);
            if (alone) {
                put(chunk);
                chunk = new ArrayList<>();
            }
        }
        put(chunk);
        nextRound.clear();
        waitingKeys.clear();
        pause = most == 0 ? Duration.ZERO : config.retryWait().multipliedBy(1L << Math.min(most - 1, 10));
    }

    private void put(List<Received<M>> chunk) {
        if (!chunk.isEmpty()) {
            round.add(chunk);
        }
    }

    /** Those that wait for nobody; the others come in the next round. */
    private List<Received<M>> free(List<Received<M>> batch) {
        if (waitingKeys.isEmpty()) {
            return batch;
        }
        List<Received<M>> free = new ArrayList<>();
        for (Received<M> received : batch) {
            (waitingKeys.contains(received.record().key()) ? nextRound : free).add(received);
        }
        return free;
    }

    private int failuresOf(Received<M> received) {
        return failures.getOrDefault(received.record(), 0);
    }
}
