package caravan.fleet.bench;

import caravan.fleet.bench.Load.Sent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Warm-up, then the runs that were asked for, or the search for the highest rate that holds. */
public final class Runs {

    static final int HIGHEST_SEARCHED = 2_000;

    private static final int FIRST_SEARCHED = 20;
    /** The search ends when the highest that held and the lowest that did not are so near. */
    private static final double NEAR = 1.1;

    private static final Duration PROBE = Duration.ofSeconds(10);
    private static final int FINAL_TRIES = 3;
    private static final int TENTH = 10;
    private static final Duration DRAIN = Duration.ofMinutes(2);

    private final Target target;
    private final BenchOptions options;
    private final Progress progress;
    private final Workload workload;
    private final List<Outcome> outcomes = new ArrayList<>();

    private Runs(Target target, BenchOptions options, Progress progress, Workload workload) {
        this.target = target;
        this.options = options;
        this.progress = progress;
        this.workload = workload;
    }

    /** All runs, in the order in which they were made. */
    public static BenchResult of(Target target, BenchOptions options, Progress progress, Workload workload) {
        Runs runs = new Runs(target, options, progress, workload);
        runs.run();
        return new BenchResult(List.copyOf(runs.outcomes), runs.residentMegabytes());
    }

    private void run() {
        warmUp(options.rates().stream().mapToInt(rate -> rate).min().orElse(FIRST_SEARCHED));
        if (options.rates().isEmpty()) {
            search();
        } else {
            options.rates().forEach(rate -> measure(rate, options.length()));
        }
    }

    /** Doubles until it does not hold, halves the interval, then the long run and one at a tenth of its rate. */
    private void search() {
        int held = 0;
        int failed = HIGHEST_SEARCHED;
        for (int rate = FIRST_SEARCHED; rate < failed; rate *= 2) {
            if (!measure(rate, PROBE).held()) {
                failed = rate;
            } else {
                held = rate;
            }
        }
        for (int middle = between(held, failed); middle > held; middle = between(held, failed)) {
            if (measure(middle, PROBE).held()) {
                held = middle;
            } else {
                failed = middle;
            }
        }
        if (held == 0) {
            progress.say("not even %d orders/s are held: is the machine busy, or the fleet young? Try --warm-up 120."
                    .formatted(FIRST_SEARCHED));
            return;
        }
        for (int i = 0; i < FINAL_TRIES; i++) {
            if (measure(held, options.length()).held()) {
                measure(Math.max(1, held / TENTH), options.length());
                return;
            }
            held = round((int) (held / NEAR));
        }
    }

    /** A rate between the highest that held and the lowest that did not; {@code held} when they are near enough. */
    static int between(int held, int failed) {
        return held == 0 || failed <= held * NEAR ? held : Math.max(held, round((held + failed) / 2));
    }

    private static int round(int rate) {
        return Math.max(10, rate / 10 * 10);
    }

    private void warmUp(int rate) {
        int seconds = (int) options.warmUp().toSeconds();
        if (seconds == 0) {
            return;
        }
        progress.say("warm-up: %d s, up to %d orders/s".formatted(seconds, rate));
        workload.run(options.warmUp(), second -> Math.max(1, rate * (second + 1) / seconds));
        workload.awaitEnd(DRAIN);
    }

    private Outcome measure(int rate, Duration length) {
        progress.say("%d orders/s for %d s".formatted(rate, length.toSeconds()));
        workload.awaitReady();
        Costs before = Costs.now(target);
        Sent sent = workload.run(length, _ -> rate);
        boolean ended = workload.awaitEnd(DRAIN);
        Costs costs = Costs.now(target).since(before);
        List<Reached> reached = workload.reached(sent.accepted());
        Outcome outcome = Outcome.of(rate, sent, reached, judged(reached), costs);
        outcomes.add(outcome);
        say(outcome, ended);
        return outcome;
    }

    private Reached judged(List<Reached> reached) {
        return reached.stream()
                .filter(place -> place.place().equals(workload.judgedBy()))
                .findAny()
                .orElseThrow();
    }

    private void say(Outcome outcome, boolean ended) {
        Stage judged = outcome.judged();
        progress.say(String.format(
                Locale.ROOT,
                "  %s: %d accepted, %.0f %s/s, p50 %.0f ms, p99 %.0f ms, %.2f CPU ms an order%s%s",
                outcome.held() ? "held" : "NOT held",
                outcome.accepted(),
                judged.perSecond(),
                judged.place(),
                judged.latency().p50(),
                judged.latency().p99(),
                outcome.cpuMillisPerOrder(),
                outcome.refused().isEmpty() ? "" : ", refused " + outcome.refused(),
                ended ? "" : "; orders were still under way after " + DRAIN.toSeconds() + " s"));
    }

    private double residentMegabytes() {
        long bytes = target.processes().get().values().stream()
                .flatMap(List::stream)
                .mapToLong(target.residentBytes())
                .sum();
        return bytes / 1048576.0;
    }
}
