package caravan.gateway.limit;

import caravan.gateway.limit.LimitMetrics.Fallback;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The takes of one event loop on their way to Redis. Those that arrive in one turn of the loop share one script call: one
 * write, one answer, no wait. Whatever Redis does not answer in time is decided from memory. Event loop only.
 */
final class Lane {

    /** Keeps one script call, which holds up everybody else in Redis, well under a millisecond. */
    private static final int LARGEST_BATCH = 64;

    /** More than the event loop can produce while Redis is in good health; the client's own queue is longer. */
    private static final int MOST_UNDER_WAY = 1024;

    private static final class Batch {
        private final List<Take> takes;
        private final long sentNs;
        private boolean settled;

        Batch(List<Take> takes, long sentNs) {
            this.takes = takes;
            this.sentNs = sentNs;
        }
    }

    private final Vertx vertx;
    private final RedisLine line;
    private final TakeScript script;
    private final LocalBuckets local;
    private final LimitMetrics metrics;
    private final long timeoutNs;

    private final Deque<Batch> underWay = new ArrayDeque<>();
    private List<Take> gathered = new ArrayList<>();
    private int load;
    private boolean watching;
    private long lookedNs = System.nanoTime();

    Lane(Vertx vertx, RedisLine line, TakeScript script, LocalBuckets local, LimitMetrics metrics, Duration timeout) {
        this.vertx = vertx;
        this.line = line;
        this.script = script;
        this.local = local;
        this.metrics = metrics;
        this.timeoutNs = timeout.toNanos();
    }

    RedisLine line() {
        return line;
    }

    void take(Take take) {
        if (!line.up()) {
            decide(take, Fallback.AWAY);
        } else if (load >= MOST_UNDER_WAY) {
            decide(take, Fallback.FULL);
        } else {
            load++;
            gathered.add(take);
            if (gathered.size() == 1) {
                line.context().runOnContext(_ -> flush());
            }
        }
    }

    /** From memory. Any thread. */
    void decide(Take take, Fallback why) {
        Decision decision = local.decide(take);
        metrics.fellBack(why);
        settle(take, decision);
    }

    private void flush() {
        List<Take> takes = gathered;
        gathered = new ArrayList<>();
        for (int from = 0; from < takes.size(); from += LARGEST_BATCH) {
            int to = Math.min(from + LARGEST_BATCH, takes.size());
            send(from == 0 && to == takes.size() ? takes : List.copyOf(takes.subList(from, to)));
        }
    }

    private void send(List<Take> takes) {
        takes.forEach(local::confess);
        Batch batch = new Batch(takes, System.nanoTime());
        underWay.add(batch);
        line.send(script.bySha(takes))
                .recover(fault -> isUnknownScript(fault) ? line.send(script.byText(takes)) : Future.failedFuture(fault))
                .onComplete(answer -> answered(batch, answer));
        watch();
    }

    private void answered(Batch batch, AsyncResult<Response> answer) {
        if (batch.settled) {
            return;
        }
        settled(batch);
        if (answer.succeeded()) {
            line.answered();
            metrics.called(System.nanoTime() - batch.sentNs);
            settle(batch.takes, TakeScript.decisions(answer.result(), batch.takes));
        } else {
            line.missed();
            batch.takes.forEach(take -> decide(take, Fallback.FAILED));
        }
    }

    private void settle(List<Take> takes, List<Decision> decisions) {
        for (int i = 0; i < takes.size(); i++) {
            Take take = takes.get(i);
            local.remember(take, decisions.get(i));
            settle(take, decisions.get(i));
        }
    }

    private void settle(Take take, Decision decision) {
        metrics.decided(take.policies(), decision);
        take.settle(decision);
    }

    /** One timer for the oldest, and none for each: answers come in the order of the questions. */
    private void watch() {
        Batch oldest = underWay.peek();
        if (!watching && oldest != null) {
            watching = true;
            long leftNs = oldest.sentNs + timeoutNs - System.nanoTime();
            vertx.setTimer(Math.max(1, Math.ceilDiv(leftNs, TimeUnit.MILLISECONDS.toNanos(1))), _ -> expire());
        }
    }

    /**
     * Late is what was overdue at the look before this one. Timers run after what was read: between two looks the event loop
     * reads once more, and after a stall of its own finds answers that have long been there.
     */
    private void expire() {
        watching = false;
        long sentBeforeNs = lookedNs - timeoutNs;
        lookedNs = System.nanoTime();
        for (Batch oldest = underWay.peek(); oldest != null; oldest = underWay.peek()) {
            if (!oldest.settled) {
                if (oldest.sentNs - sentBeforeNs > 0) {
                    break;
                }
                late(oldest);
            }
            underWay.poll();
        }
        watch();
    }

    private void late(Batch batch) {
        settled(batch);
        line.missed();
        batch.takes.forEach(take -> decide(take, Fallback.LATE));
    }

    private void settled(Batch batch) {
        batch.settled = true;
        load -= batch.takes.size();
        while (!underWay.isEmpty() && underWay.peek().settled) {
            underWay.poll();
        }
    }

    private static boolean isUnknownScript(Throwable fault) {
        return String.valueOf(fault.getMessage()).startsWith("NOSCRIPT");
    }
}
