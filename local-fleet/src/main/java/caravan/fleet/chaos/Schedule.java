package caravan.fleet.chaos;

import caravan.fleet.Ports;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Which fault comes when. The same seed, length and parts give the same schedule. */
public record Schedule(long seed, List<Planned> faults) {

    /** A killed service needs some eight seconds on two cores, its breaker at the gateway thirty at worst: mostly a fault finds a fleet that is well again. */
    private static final Duration EVERY = Duration.ofSeconds(20);

    private static final int JITTER_SECONDS = 5;

    /** Shorter and longer than the gateway's three seconds and a consumer group's six. */
    private static final int SHORTEST_HOLD_SECONDS = 2;

    private static final int LONGEST_HOLD_SECONDS = 12;

    /** A hundred times what a flush takes here: what a disk does when its cache is full. */
    private static final Duration PER_FLUSH = Duration.ofMillis(100);

    private static final List<String> FLUSHING = List.of("postgresql", "kafka");

    /** A fault, and how long after the first order of the campaign it comes at the earliest. */
    public record Planned(Duration at, Fault fault) {}

    public Schedule {
        faults = List.copyOf(faults);
    }

    /**
     * Twenty seconds to a fault.
     *
     * @param parts of the fleet, in any order
     */
    public static Schedule of(long seed, Duration length, List<String> parts) {
        Random random = new Random(seed);
        List<String> sorted = parts.stream().sorted().toList();
        Deque<Fault> dealt = new ArrayDeque<>();
        List<Planned> faults = new ArrayList<>();
        for (int i = 0; i < Math.max(1, length.dividedBy(EVERY)); i++) {
            if (dealt.isEmpty()) {
                dealt.addAll(deal(sorted, random));
            }
            Duration at = EVERY.multipliedBy(i).plusSeconds(random.nextInt(JITTER_SECONDS));
            faults.add(new Planned(at, dealt.pop()));
        }
        return new Schedule(seed, faults);
    }

    /** All faults there are, once each: first one of every kind, so that a short campaign is a varied one, then the others. */
    private static List<Fault> deal(List<String> parts, Random random) {
        List<Fault> first = new ArrayList<>();
        List<Fault> others = new ArrayList<>();
        for (Fault.Kind kind : Fault.Kind.values()) {
            List<Fault> suit = new ArrayList<>(all(kind, parts, random));
            Collections.shuffle(suit, random);
            suit.stream().limit(1).forEach(first::add);
            suit.stream().skip(1).forEach(others::add);
        }
        Collections.shuffle(first, random);
        Collections.shuffle(others, random);
        first.addAll(others);
        return first;
    }

    private static List<? extends Fault> all(Fault.Kind kind, List<String> parts, Random random) {
        List<String> services = parts.stream().filter(Ports.SERVICES::contains).toList();
        List<String> servers =
                parts.stream().filter(part -> !Ports.SERVICES.contains(part)).toList();
        return switch (kind) {
            case KILL_SERVICE -> services.stream().map(Fault.Kill::new).toList();
            case KILL_SERVER -> servers.stream().map(Fault.Kill::new).toList();
            case STOP_SERVICE ->
                services.stream()
                        .map(part -> new Fault.Stop(part, hold(random)))
                        .toList();
            case STOP_SERVER ->
                servers.stream().map(part -> new Fault.Stop(part, hold(random))).toList();
            case END_SESSIONS -> List.of(new Fault.EndSessions());
            case RESET_BROKER -> List.of(new Fault.ResetBroker());
            case PARTITION ->
                services.stream()
                        .map(part -> new Fault.Partition(part, hold(random)))
                        .toList();
            case SLOW_DISK ->
                servers.stream()
                        .filter(FLUSHING::contains)
                        .map(part -> new Fault.SlowDisk(part, PER_FLUSH, hold(random)))
                        .toList();
        };
    }

    private static Duration hold(Random random) {
        return Duration.ofSeconds(
                SHORTEST_HOLD_SECONDS + random.nextInt(LONGEST_HOLD_SECONDS - SHORTEST_HOLD_SECONDS + 1));
    }

    /** For people; whoever has it can tell two campaigns apart. */
    public String text() {
        StringBuilder text = new StringBuilder("Seed " + seed + ": " + faults.size() + " faults\n");
        faults.forEach(planned -> text.append(String.format(
                Locale.ROOT,
                "  %4d s  %s%n",
                planned.at().toSeconds(),
                planned.fault().text())));
        return text.toString();
    }
}
