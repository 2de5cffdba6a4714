package caravan.fleet.chaos;

import caravan.fleet.audit.Report;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a campaign came to.
 *
 * @param decided orders that are approved or rejected
 * @param deadLetters that wait for an operator, by topic
 * @param longestSilence between two decisions, from the first to the last
 * @param settled whether the fleet became quiet in its time
 * @param broken what customers were told and is not so
 */
public record Outcome(
        Schedule schedule,
        List<Episode> episodes,
        Answers orders,
        long decided,
        Map<String, Long> deadLetters,
        Duration longestSilence,
        boolean settled,
        Report audit,
        List<String> broken) {

    private static final int MOST_SHOWN = 20;

    public Outcome {
        episodes = List.copyOf(episodes);
        deadLetters = Collections.unmodifiableMap(new TreeMap<>(deadLetters));
        broken = List.copyOf(broken);
    }

    /** Every invariant holds, everything has ended or is stuck and listed, and every promise was kept. */
    public boolean clean() {
        return audit.clean() && broken.isEmpty();
    }

    /** The report. */
    public String text() {
        Formatter text = new Formatter(Locale.ROOT);
        course(text);
        kinds(text);
        orders(text);
        text.format("%n%s", audit.text());
        promises(text);
        return text.toString();
    }

    private void course(Formatter text) {
        text.format("%n%7s  %-58s %8s %10s %9s%n", "at s", "fault", "lasted s", "all ready", "old pace");
        episodes.forEach(episode -> {
            String start = String.format(
                    Locale.ROOT,
                    "%7d  %-58s",
                    episode.at().toSeconds(),
                    episode.fault().text());
            switch (episode) {
                case Episode.Recovered well ->
                    text.format(
                            "%s %8.1f %+10.1f %+9.1f%n",
                            start, seconds(well.lasted()), seconds(well.ready()), seconds(well.pace()));
                case Episode.NotRecovered ill -> text.format("%s NOT RECOVERED: %s%n", start, ill.why());
                case Episode.Skipped none -> text.format("%s skipped: %s%n", start, none.why());
            }
        });
    }

    private void kinds(Formatter text) {
        text.format(
                "%n%-34s %6s %8s %14s %14s %14s%n", "kind", "times", "skipped", "lasted s", "all ready", "old pace");
        for (Fault.Kind kind : Fault.Kind.values()) {
            List<Episode> own = episodes.stream()
                    .filter(episode -> episode.fault().kind() == kind)
                    .toList();
            List<Episode.Recovered> recovered = own.stream()
                    .flatMap(episode -> episode instanceof Episode.Recovered well ? Stream.of(well) : Stream.empty())
                    .toList();
            long skipped =
                    own.stream().filter(Episode.Skipped.class::isInstance).count();
            text.format(
                    "%-34s %6d %8d %14s %14s %14s%n",
                    kind.text(),
                    own.size() - skipped,
                    skipped,
                    middleAndMost(recovered, Episode.Recovered::lasted),
                    middleAndMost(recovered, Episode.Recovered::ready),
                    middleAndMost(recovered, Episode.Recovered::pace));
        }
        text.format("(median / longest; \"all ready\" and \"old pace\" count from when the fault was healed)%n");
        long not =
                episodes.stream().filter(Episode.NotRecovered.class::isInstance).count();
        int missing = schedule.faults().size() - episodes.size();
        text.format("%d faults, %d not recovered from in time, %d not reached%n", episodes.size(), not, missing);
    }

    private static String middleAndMost(List<Episode.Recovered> all, Function<Episode.Recovered, Duration> what) {
        List<Duration> sorted =
                all.stream().map(what).sorted(Comparator.naturalOrder()).toList();
        return sorted.isEmpty()
                ? "-"
                : String.format(
                        Locale.ROOT, "%.1f / %.1f", seconds(sorted.get(sorted.size() / 2)), seconds(sorted.getLast()));
    }

    private void orders(Formatter text) {
        text.format("%nOrders offered      %8d  (%d times asked again)%n", orders.offered(), orders.askedAgain());
        text.format("  accepted          %8d%n", orders.accepted());
        text.format("  refused           %8d%n", orders.refused());
        text.format("  unknown           %8d%n", orders.unknown());
        text.format("Orders decided      %8d%n", decided);
        text.format("  stuck             %8d%n", audit.stuck());
        text.format("  open at the end   %8d%s%n", audit.open(), settled ? "" : "  (it did not become quiet in time)");
        text.format(
                "Dead letters        %8d  %s%n",
                deadLetters.values().stream().mapToLong(count -> count).sum(),
                deadLetters.isEmpty() ? "" : deadLetters);
        text.format("Longest silence     %8.1f s between two decisions%n", seconds(longestSilence));
    }

    private void promises(Formatter text) {
        if (broken.isEmpty()) {
            text.format("Every order that was accepted is there, and no key has made two.%n");
            return;
        }
        text.format("Broken promises: %d%n", broken.size());
        broken.stream().limit(MOST_SHOWN).forEach(promise -> text.format("  %s%n", promise));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
