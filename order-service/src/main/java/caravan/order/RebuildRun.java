package caravan.order;

import caravan.common.contract.Message;
import caravan.common.contract.MessageTypes;
import caravan.common.contract.OrderCancellationRequested;
import caravan.common.contract.OrderEvent;
import caravan.common.contract.OrderPlaced;
import caravan.common.contract.SagaAdvanced;
import caravan.common.messaging.Decoding;
import caravan.common.messaging.PoisonException;
import caravan.common.messaging.Received;
import caravan.common.messaging.TraceContext;
import caravan.order.Mending.Kept;
import caravan.order.Mending.Told;
import caravan.order.RebuildStore.Replacement;
import caravan.order.RebuildStore.State;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One rebuild, step by step on its own thread. It reads what there is, folds it as the projection does, and compares; then it
 * reads what has come meanwhile, as long as something was mended or a view had seen more: an event that came while its view was
 * missing was folded by nobody.
 */
final class RebuildRun {

    /** What goes on is ahead by seconds after the first round, and by less after each. */
    private static final int MOST_ROUNDS = 5;

    private static final int CHUNK = 256;
    private static final Duration LONGEST_STATEMENT = Duration.ofMinutes(2);
    private static final long TELL_EVERY_NS = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_REST_NS = Duration.ofSeconds(1).toNanos();

    /** Versions of new views are seconds since then: above any version that the lost one can have had, so that no ETag comes twice. */
    private static final Instant FIRST_SECOND = Instant.parse("2026-01-01T00:00:00Z");

    private static final UUID LOWEST = new UUID(0, 0);

    private final UUID run;
    private final PastEvents past;
    private final RebuildStore store;
    private final int rest;
    private final BooleanSupplier stopping;
    private final Instant startedAt = Instant.now();
    private Instant allSince = Instant.MAX;
    private RebuildProgress progress = RebuildProgress.NONE;
    private long toldNs = System.nanoTime();

    /** @param rest how long it rests after each step, as a multiple of the time the step took */
    RebuildRun(UUID run, PastEvents past, RebuildStore store, int rest, BooleanSupplier stopping) {
        this.run = run;
        this.past = past;
        this.store = store;
        this.rest = rest;
        this.stopping = stopping;
    }

    RebuildProgress progress() {
        return progress;
    }

    void tell(State state) {
        toldNs = System.nanoTime();
        if (!await(store.tell(run, state, progress))) {
            throw new IllegalStateException("another process has taken over");
        }
    }

    void fail(String why) {
        progress = progress.failed(why);
        tell(State.FAILED);
    }

    void all() {
        await(store.clear());
        PastEvents.Place from = past.beginning();
        allSince = past.allSince(from, startedAt);
        boolean again = true;
        for (int round = 1; again && round <= MOST_ROUNDS; round++) {
            PastEvents.Place to = past.end();
            past.readOrders(from, to, batch -> step(() -> readOrders(batch)));
            past.readSagas(from, to, batch -> step(() -> readSagas(batch)));
            again = compare();
            from = to;
        }
        progress = progress.withNotInTopics(await(store.notInTopics(OrderIds.next(startedAt))));
        await(store.clear());
    }

    private void readOrders(List<ConsumerRecord<String, byte[]>> batch) {
        List<Told> placed = new ArrayList<>();
        Map<UUID, Instant> cancelled = new HashMap<>();
        for (Received<OrderEvent> event : decode(batch, MessageTypes.ORDER_EVENTS)) {
            switch (event.message()) {
                case OrderPlaced order ->
                    readable(() -> told(order, event.envelope().trace())).ifPresent(placed::add);
                case OrderCancellationRequested request ->
                    cancelled.putIfAbsent(request.orderId(), request.requestedAt());
            }
        }
        placed.removeIf(told -> told.view().createdAt().isBefore(allSince));
        await(store.place(placed));
        advance(
                cancelled.keySet(),
                view -> readable(() -> view.cancelRequested(Objects.requireNonNull(cancelled.get(view.id()))))
                        .orElse(view));
    }

    private static Told told(OrderPlaced order, TraceContext trace) {
        OrderView view = OrderView.accepted(
                order.orderId(), order.placedAt(), order.lines(), order.total(), order.shippingAddress());
        return new Told(order.customer().id(), view.in(trace));
    }

    private void readSagas(List<ConsumerRecord<String, byte[]>> batch) {
        Map<UUID, List<SagaAdvanced>> events = new HashMap<>();
        for (Received<SagaAdvanced> event : decode(batch, MessageTypes.SAGA_EVENTS)) {
            events.computeIfAbsent(event.message().orderId(), _ -> new ArrayList<>())
                    .add(event.message());
        }
        advance(events.keySet(), view -> {
            OrderView after = view;
            for (SagaAdvanced event : events.getOrDefault(view.id(), List.of())) {
                OrderView before = after;
                after = readable(() -> before.apply(event)).orElse(before);
            }
            return after;
        });
    }

    /** What cannot be folded is a dead letter of the projection's as well, and in no view. */
    private <R> Optional<R> readable(Supplier<R> fold) {
        try {
            return Optional.of(fold.get());
        } catch (NullPointerException | IllegalArgumentException _) {
            progress = progress.read(0, 1);
            return Optional.empty();
        }
    }

    /** Of orders that are not here, because their beginning is not in the topics any more, nothing is told. */
    private void advance(Set<UUID> orders, UnaryOperator<OrderView> step) {
        if (orders.isEmpty()) {
            return;
        }
        List<OrderView> changed = new ArrayList<>();
        for (Told told : await(store.told(orders))) {
            OrderView after = step.apply(told.view());
            if (!after.equals(told.view())) {
                changed.add(after);
            }
        }
        await(store.advance(changed));
    }

    private <M extends Message> List<Received<M>> decode(
            List<ConsumerRecord<String, byte[]>> batch, MessageTypes<M> types) {
        List<Received<M>> messages = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : batch) {
            try {
                messages.add(Decoding.decode(record, types));
            } catch (PoisonException _) {
                progress = progress.read(0, 1);
            }
        }
        progress = progress.read(batch.size(), 0);
        return messages;
    }

    /** Whether there is more to do, once more is read. */
    private boolean compare() {
        long mendedBefore = progress.mended();
        UUID after = LOWEST;
        List<Told> chunk = await(store.open(after, CHUNK));
        while (!chunk.isEmpty()) {
            List<Told> open = chunk;
            step(() -> mend(open));
            after = chunk.getLast().id();
            chunk = await(store.open(after, CHUNK));
        }
        boolean mended = progress.mended() > mendedBefore;
        progress = progress.with(await(store.tally()));
        return mended || progress.left() > 0;
    }

    private void mend(List<Told> chunk) {
        Map<UUID, Kept> kept = await(store.kept(chunk.stream().map(Told::id).collect(Collectors.toSet())));
        Set<UUID> equal = new HashSet<>();
        List<Told> missing = new ArrayList<>();
        List<Replacement> wrong = new ArrayList<>();
        for (Told told : chunk) {
            switch (Mending.of(told, kept.get(told.id()))) {
                case Mending.Equal _ -> equal.add(told.id());
                case Mending.Missing _ -> missing.add(told);
                case Mending.Wrong(int version) -> wrong.add(new Replacement(told, version));
                case Mending.Newer _ -> {}
            }
        }
        Set<UUID> mended = new HashSet<>(await(store.insert(missing, newVersion())));
        mended.addAll(await(store.replace(wrong)));
        await(store.close(equal, false));
        await(store.close(mended, true));
        progress = progress.compared(equal.size(), mended.size());
    }

    private static int newVersion() {
        return Math.toIntExact(Duration.between(FIRST_SECOND, Instant.now()).toSeconds());
    }

    /** Then others have their turn: it is in no hurry, and orders are. */
    private void step(Runnable work) {
        if (stopping.getAsBoolean()) {
            throw new IllegalStateException("this process stops");
        }
        long startNs = System.nanoTime();
        work.run();
        if (System.nanoTime() - toldNs > TELL_EVERY_NS) {
            tell(State.RUNNING);
        }
        LockSupport.parkNanos(Math.min(LONGEST_REST_NS, rest * (System.nanoTime() - startNs)));
    }

    private static <T> T await(Uni<T> work) {
        return work.await().atMost(LONGEST_STATEMENT);
    }
}
