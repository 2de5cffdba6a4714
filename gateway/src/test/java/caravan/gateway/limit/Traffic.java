package caravan.gateway.limit;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * Steady traffic through several gateways, whatever the answers: on each tick of each gateway some requests of a caller who
 * wants more than its limit and one of somebody else. Remembers every verdict.
 */
final class Traffic implements AutoCloseable {

    record Answer(boolean hot, boolean admitted, long askedNs, long tookNs) {}

    static final String HOT = "hot";

    private static final int HOT_A_TICK = 2;
    private static final int TICK_MS = 4;

    private record Source(OneGateway gateway, long timer) {}

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<Source> sources = new ArrayList<>();

    Traffic(OneGateway... gateways) {
        for (OneGateway gateway : gateways) {
            Context loop = gateway.vertx.getOrCreateContext();
            loop.runOnContext(_ -> gateway.limiter.take(OneGateway.ask(HOT, 1, null)));
            sources.add(new Source(
                    gateway, gateway.vertx.setPeriodic(TICK_MS, _ -> loop.runOnContext(_ -> tick(gateway)))));
        }
    }

    private void tick(OneGateway gateway) {
        for (int i = 0; i < HOT_A_TICK; i++) {
            ask(gateway, HOT);
        }
        ask(gateway, "other-" + System.nanoTime() % 1000);
    }

    private void ask(OneGateway gateway, String caller) {
        long askedNs = System.nanoTime();
        gateway.limiter
                .take(OneGateway.ask(caller, 1, null))
                .onSuccess(verdict -> answers.add(
                        new Answer(caller.equals(HOT), verdict.admitted(), askedNs, System.nanoTime() - askedNs)));
    }

    long admittedHot() {
        return answers.stream()
                .filter(answer -> answer.hot() && answer.admitted())
                .count();
    }

    /** Of the answers to what was asked in this time. */
    double p99Ms(long fromNs, long toNs) {
        Predicate<Answer> within = answer -> answer.askedNs() - fromNs >= 0 && answer.askedNs() - toNs < 0;
        long[] took = answers.stream()
                .filter(within)
                .mapToLong(Answer::tookNs)
                .sorted()
                .toArray();
        return took.length == 0 ? 0 : took[(int) (took.length * 0.99)] / 1e6;
    }

    long[] slowestMs() {
        return Arrays.copyOfRange(
                answers.stream()
                        .mapToLong(answer -> -answer.tookNs() / 1_000_000)
                        .sorted()
                        .map(ms -> -ms)
                        .toArray(),
                0,
                Math.min(5, answers.size()));
    }

    @Override
    public void close() {
        sources.forEach(source -> source.gateway().vertx.cancelTimer(source.timer()));
    }
}
