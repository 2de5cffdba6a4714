package caravan.saga.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;

/** Virtual time, and everything that is going to happen in it. One thread; what is due at one time runs in the order it was said. */
final class World {

    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private record Event(long atMs, long number, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return atMs == other.atMs ? Long.compare(number, other.number) : Long.compare(atMs, other.atMs);
        }
    }

    /** A time in which somebody, or something, could not work. */
    private record Wound(String whom, long fromMs, long toMs) {}

    private final Scenario scenario;
    private final Set<Bug> bugs;
    private final boolean told;
    private final Counts counts;
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final List<Wound> wounds = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private long nowMs;
    private long events;
    private boolean calm;

    World(Scenario scenario, Set<Bug> bugs, boolean told, Counts counts) {
        this.scenario = scenario;
        this.bugs = bugs.isEmpty() ? EnumSet.noneOf(Bug.class) : EnumSet.copyOf(bugs);
        this.told = told;
        this.counts = counts;
    }

    Scenario scenario() {
        return scenario;
    }

    boolean has(Bug bug) {
        return bugs.contains(bug);
    }

    void count(String what) {
        counts.add(what, 1);
    }

    void count(String what, int times) {
        counts.add(what, times);
    }

    long nowMs() {
        return nowMs;
    }

    Instant now() {
        return START.plusMillis(nowMs);
    }

    static long msOf(Instant instant) {
        return instant.toEpochMilli() - START.toEpochMilli();
    }

    void in(long ms, Runnable what) {
        queue.add(new Event(nowMs + Math.max(ms, 0), events++, what));
    }

    void at(long ms, Runnable what) {
        in(ms - nowMs, what);
    }

    /** From here on nothing goes wrong any more. */
    void calm() {
        calm = true;
    }

    boolean isCalm() {
        return calm;
    }

    /** Lets happen what is due until then. */
    void runUntil(long ms) {
        while (!queue.isEmpty() && queue.peek().atMs <= ms) {
            Event next = queue.remove();
            nowMs = next.atMs;
            next.what.run();
        }
        nowMs = ms;
    }

    /** How long something takes: follows from what it is about, so that it stays when something else is left out. */
    long delay(String about, int salt, int mostMs) {
        long text = about.hashCode();
        long z = scenario.seed() * 0x9E3779B97F4A7C15L + 31 * text + salt * 0xC2B2AE3D27D4EB4FL;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return 1L + Math.floorMod(z ^ (z >>> 31), mostMs);
    }

    /** @param whom a service, a node's service or a command's id */
    void wounded(String whom, long forMs) {
        wounds.add(new Wound(whom, nowMs, nowMs + forMs));
    }

    boolean wasWounded(String whom, long fromMs, long toMs) {
        return wounds.stream().anyMatch(w -> w.whom.equals(whom) && w.fromMs <= toMs && w.toMs >= fromMs);
    }

    boolean isUnharmed() {
        return wounds.isEmpty();
    }

    @SuppressWarnings("AnnotateFormatMethod") // nobody but the tests of this package calls it
    void tell(String what, Object... about) {
        if (told) {
            story.add("%10.3f s  %s".formatted(nowMs / 1000.0, Names.in(String.format(Locale.ROOT, what, about))));
        }
    }

    List<String> story() {
        return story;
    }
}
