package caravan.common.messaging;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;

/**
 * Joins single pieces of work into batches: an idle batcher starts at once, and what comes while a batch is under way, or
 * too soon after its start, is the next batch. So one at a time costs nothing, and a thousand share a commit.
 *
 * <p>Any thread may call {@link #submit}; the work runs on the given context. At most {@code maxWaiting} wait; one more
 * fails with {@link FullException}. When a batch fails, each of its pieces is tried alone once, so that a bad one fails by
 * itself.
 */
public final class Batcher<T, R> {

    /** More work than may wait: say "later" to whoever asks. */
    public static final class FullException extends RuntimeException {
        private static final long serialVersionUID = 1;

        FullException(int waiting) {
            super(waiting + " wait already");
        }
    }

    private record Piece<T, R>(T item, UniEmitter<? super R> emitter) {}

    private final Context context;
    private final int maxBatch;
    private final int maxWaiting;
    private final int maxUnderWay;
    private final Spacing spacing;
    private final Function<List<T>, Uni<List<R>>> work;
    private final Queue<Piece<T, R>> waiting = new ArrayDeque<>();
    private int underWay;

    /**
     * @param gap between the starts of two batches, at least; more than nothing needs a context of an event loop
     * @param work gives one result for each item, in their order
     */
    public Batcher(
            Context context,
            int maxBatch,
            int maxWaiting,
            int maxUnderWay,
            Duration gap,
            Function<List<T>, Uni<List<R>>> work) {
        this.context = context;
        this.maxBatch = maxBatch;
        this.maxWaiting = maxWaiting;
        this.maxUnderWay = maxUnderWay;
        this.spacing = new Spacing(context, gap);
        this.work = work;
    }

    public Uni<R> submit(T item) {
        return Uni.createFrom()
                .emitter(emitter -> context.runOnContext(_ -> {
                    if (waiting.size() >= maxWaiting) {
                        emitter.fail(new FullException(waiting.size()));
                        return;
                    }
                    waiting.add(new Piece<>(item, emitter));
                    next();
                }));
    }

    private void next() {
        while (underWay < maxUnderWay && !waiting.isEmpty() && spacing.start(this::next)) {
            List<Piece<T, R>> batch = new ArrayList<>();
            while (batch.size() < maxBatch && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
            underWay++;
            run(batch).subscribe().with(_ -> done(), _ -> done());
        }
    }

    private void done() {
        context.runOnContext(_ -> {
            underWay--;
            next();
        });
    }

    private Uni<Void> run(List<Piece<T, R>> batch) {
        return Uni.createFrom()
                .deferred(() -> work.apply(batch.stream().map(Piece::item).toList()))
                .invoke(results -> {
                    for (int i = 0; i < batch.size(); i++) {
                        batch.get(i).emitter().complete(results.get(i));
                    }
                })
                .replaceWithVoid()
                .onFailure()
                .recoverWithUni(fault -> afterFault(batch, fault));
    }

    private Uni<Void> afterFault(List<Piece<T, R>> batch, Throwable fault) {
        if (batch.size() == 1 || Faults.passes(fault)) {
            batch.forEach(piece -> piece.emitter().fail(fault));
            return Uni.createFrom().voidItem();
        }
        Uni<Void> each = Uni.createFrom().voidItem();
        for (Piece<T, R> piece : batch) {
            each = each.chain(() -> run(List.of(piece)));
        }
        return each;
    }
}
