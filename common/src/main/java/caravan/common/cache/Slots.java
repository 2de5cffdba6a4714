package caravan.common.cache;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/** So much at once and no more; the rest waits in the order it came. What may wait is bounded by whoever asks. On one context only. */
final class Slots {

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int free;

    Slots(int atOnce) {
        this.free = atOnce;
    }

    <T> Future<T> run(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        Runnable start = () -> Future.succeededFuture().compose(_ -> work.get()).onComplete(result -> {
            next();
            done.handle(result);
        });
        if (free > 0) {
            free--;
            start.run();
        } else {
            waiting.add(start);
        }
        return done.future();
    }

    private void next() {
        Runnable start = waiting.poll();
        if (start == null) {
            free++;
        } else {
            start.run();
        }
    }
}
