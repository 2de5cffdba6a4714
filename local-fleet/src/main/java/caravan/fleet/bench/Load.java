package caravan.fleet.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Open-loop arrivals: each order is due at its own time, whatever became of the ones before, and its latency counts from
 * then. So a server that stands still is charged for all who would have come meanwhile (no coordinated omission). One event
 * loop sends everything; it looks each millisecond what is due.
 */
public final class Load implements AutoCloseable {

    private static final int NO_ANSWER = 0;

    /** Sends one order. On the event loop, and so is the answer; no answer is a failure. */
    @FunctionalInterface
    public interface Sender {
        Future<Answer> send();
    }

    /**
     * An answer of whatever kind.
     *
     * @param accepted the order's id; null when the status says that it was refused
     */
    public record Answer(int status, @Nullable UUID accepted) {}

    /** An accepted order. Times in microseconds since the epoch. */
    public record Order(UUID id, long dueMicros, long answeredMicros) {}

    /**
     * What came of a run.
     *
     * @param refused answers other than "accepted", by status; 0: none in time
     * @param reads latencies of what was read meanwhile
     */
    public record Sent(
            int due,
            List<Order> accepted,
            Map<Integer, Integer> refused,
            long fromMicros,
            long toMicros,
            Map<String, Latency> reads) {

        double seconds() {
            return (toMicros - fromMicros) / 1e6;
        }

        public Sent with(Map<String, Latency> reads) {
            return new Sent(due, accepted, refused, fromMicros, toMicros, reads);
        }
    }

    private final Vertx vertx;
    private final Mix mix;
    private final Sender sender;
    private volatile boolean enough;

    /**
     * Orders of this mix.
     *
     * @param vertx from {@link #eventLoop}; closed with this
     */
    public Load(Vertx vertx, Mix mix, Sender sender) {
        this.vertx = vertx;
        this.mix = mix;
        this.sender = sender;
    }

    /** The one that everything runs on. */
    public static Vertx eventLoop() {
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
    }

    /**
     * Sends what is due and returns when all of it is answered.
     *
     * @param rate orders a second in a given second of the run
     */
    public Sent run(Duration length, IntUnaryOperator rate) {
        CompletableFuture<Sent> sent = new CompletableFuture<>();
        enough = false;
        vertx.runOnContext(_ -> new Run(length, rate, sent).start());
        return sent.join();
    }

    /** The run that is under way ends as soon as what was sent is answered. */
    public void enough() {
        enough = true;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** All of it on the event loop. */
    private final class Run {

        private final long lengthNs;
        private final IntUnaryOperator rate;
        private final CompletableFuture<Sent> result;
        private final List<Order> accepted = new ArrayList<>();
        private final Map<Integer, Integer> refused = new HashMap<>();
        private long startNs;
        private long startMicros;
        private long dueNs;
        private int due;
        private int open;
        private boolean over;

        Run(Duration length, IntUnaryOperator rate, CompletableFuture<Sent> result) {
            this.lengthNs = length.toNanos();
            this.rate = rate;
            this.result = result;
        }

        void start() {
            startNs = System.nanoTime();
            startMicros = System.currentTimeMillis() * 1_000;
            dueNs = mix.gapNanos(rate.applyAsInt(0));
            vertx.setPeriodic(1, this::tick);
        }

        private void tick(long timer) {
            long now = System.nanoTime() - startNs;
            while (dueNs <= now && dueNs < lengthNs && !enough) {
                send(dueNs);
                dueNs += mix.gapNanos(rate.applyAsInt((int) (dueNs / 1_000_000_000L)));
            }
            if (dueNs >= lengthNs || enough) {
                vertx.cancelTimer(timer);
                over = true;
                endWhenAnswered();
            }
        }

        private void send(long at) {
            due++;
            open++;
            sender.send()
                    .onSuccess(answer -> answered(at, answer))
                    .onFailure(_ -> refused.merge(NO_ANSWER, 1, Integer::sum))
                    .onComplete(_ -> {
                        open--;
                        endWhenAnswered();
                    });
        }

        private void answered(long at, Answer answer) {
            UUID id = answer.accepted();
            if (id == null) {
                refused.merge(answer.status(), 1, Integer::sum);
            } else {
                accepted.add(new Order(id, micros(at), micros(System.nanoTime() - startNs)));
            }
        }

        private long micros(long sinceStartNs) {
            return startMicros + sinceStartNs / 1_000;
        }

        private void endWhenAnswered() {
            if (over && open == 0 && !result.isDone()) {
                result.complete(new Sent(
                        due, List.copyOf(accepted), Map.copyOf(refused), startMicros, micros(lengthNs), Map.of()));
            }
        }
    }
}
