package caravan.fleet.chaos;

import caravan.fleet.audit.Report;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        deadLetters = Map.copyOf(deadLetters);
        broken = List.copyOf(broken);
    }

    /** Every invariant holds, everything has ended or is stuck and listed, and every promise was kept. */
    public boolean clean() {
        return audit.clean() && broken.isEmpty();
    }

    /** The report. */
    public String text() {
        StringBuilder text = new StringBuilder();
        course(text);
        kinds(text);
        orders(text);
        text.append('\n').append(audit.text());
        promises(text);
        return text.toString();
    }

    private void course(StringBuilder text) {
        line(text, "\n%7s  %-58s %8s %10s %9s", "at s", "fault", "lasted s", "all ready", "old pace");
        episodes.forEach(episode -> {
            String start = String.format(
                    Locale.ROOT,
                    "%7d  %-58s",
                    episode.at().toSeconds(),
                    episode.fault().text());
            switch (episode) {
                case Episode.Recovered(_, _, Duration lasted, Duration ready, Duration pace) ->
                    line(text, "%s %8.1f %+10.1f %+9.1f", start, seconds(lasted), seconds(ready), seconds(pace));
                case Episode.NotRecovered(_, _, String why) -> line(text, "%s NOT RECOVERED: %s", start, why);
                case Episode.Skipped(_, _, String why) -> line(text, "%s skipped: %s", start, why);
            }
        });
    }

    private void kinds(StringBuilder text) {
        line(text, "\n%-34s %6s %8s %14s %14s %14s", "kind", "times", "skipped", "lasted s", "all ready", "old pace");
        for (Fault.Kind kind : Fault.Kind.values()) {
            List<Episode> own = episodes.stream()
                    .filter(episode -> episode.fault().kind() == kind)
                    .toList();
            List<Episode.Recovered> recovered = own.stream()
                    .flatMap(episode -> episode instanceof Episode.Recovered well ? Stream.of(well) : Stream.empty())
                    .toList();
            long skipped =
                    own.stream().filter(Episode.Skipped.class::isInstance).count();
            line(
                    text,
                    "%-34s %6d %8d %14s %14s %14s",
                    kind.text(),
                    own.size() - skipped,
                    skipped,
                    middleAndMost(recovered, Episode.Recovered::lasted),
                    middleAndMost(recovered, Episode.Recovered::ready),
                    middleAndMost(recovered, Episode.Recovered::pace));
        }
        line(text, "(median / longest; \"all ready\" and \"old pace\" count from when the fault was healed)");
        long not = episodes.stream().filter(Episode.NotRecovered.class::isInstance).count();
        int missing = schedule.faults().size() - episodes.size();
        line(text, "%d faults, %d not recovered from in time, %d not reached", episodes.size(), not, missing);
    }

    private static String middleAndMost(List<Episode.Recovered> all, Function<Episode.Recovered, Duration> what) {
        List<Duration> sorted =
                all.stream().map(what).sorted(Comparator.naturalOrder()).toList();
        return sorted.isEmpty()
                ? "-"
                : String.format(
                        Locale.ROOT,
                        "%.1f / %.1f",
                        seconds(sorted.get(sorted.size() / 2)),
                        seconds(sorted.getLast()));
    }

    private void orders(StringBuilder text) {
        line(text, "\nOrders offered      %8d  (%d times asked again)", orders.offered(), orders.askedAgain());
        line(text, "  accepted          %8d", orders.accepted());
        line(text, "  refused           %8d", orders.refused());
        line(text, "  unknown           %8d", orders.unknown());
        line(text, "Orders decided      %8d", decided);
        line(text, "  stuck             %8d", audit.stuck());
        line(text, "  open at the end   %8d%s", audit.open(), settled ? "" : "  (it did not become quiet in time)");
        line(
                text,
                "Dead letters        %8d  %s",
                deadLetters.values().stream().mapToLong(count -> count).sum(),
                deadLetters.isEmpty() ? "" : deadLetters);
        line(text, "Longest silence     %8.1f s between two decisions", seconds(longestSilence));
    }

    private void promises(StringBuilder text) {
        if (broken.isEmpty()) {
            line(text, "Every order that was accepted is there, and no key has made two.");
            return;
        }
        line(text, "%d promises are broken:", broken.size());
        broken.stream().limit(MOST_SHOWN).forEach(promise -> line(text, "  %s", promise));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
