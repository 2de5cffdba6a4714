package caravan.order;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What clients did and saw, and whether that can have been. An order only ever gets further, so whoever has seen it somewhere
 * must not see it before that again, nor not at all.
 */
final class History {

    /** How far an order has come, as far as anybody can see. */
    record Progress(int sequence, boolean cancelled) {

        static final Progress PLACED = new Progress(0, false);

        static Progress of(OrderView view) {
            return new Progress(view.sequence(), view.cancellation() != null);
        }

        boolean covers(Progress other) {
            return sequence >= other.sequence && (cancelled || !other.cancelled);
        }

        Progress and(Progress other) {
            return new Progress(Math.max(sequence, other.sequence), cancelled || other.cancelled);
        }
    }

    /**
     * One request from its start to its answer.
     *
     * @param about the orders that the answer would show; null for a write, which shows what it did
     */
    record Step(
            int client, long startNs, long endNs, @Nullable Set<UUID> about, Map<UUID, Progress> saw) {

        static Step write(int client, long startNs, long endNs, UUID order, Progress did) {
            return new Step(client, startNs, endNs, null, Map.of(order, did));
        }
    }

    record Violation(
            Step step, UUID order, Progress known, @Nullable Progress seen) {

        @Override
        public String toString() {
            return "client %d sees %s of order %s and knew %s".formatted(step.client(), seen, order, known);
        }
    }

    private final List<Step> steps = new ArrayList<>();

    synchronized void add(Step step) {
        steps.add(step);
    }

    synchronized List<Step> steps() {
        return List.copyOf(steps);
    }

    /** Where a client read its past. Each client does one thing after the other. */
    List<Violation> backwards(Set<Integer> clients) {
        Map<Integer, Map<UUID, Progress>> known = new HashMap<>();
        List<Violation> found = new ArrayList<>();
        steps().stream()
                .filter(step -> clients.contains(step.client()))
                .sorted(Comparator.comparingLong(Step::startNs))
                .forEach(step -> {
                    Map<UUID, Progress> of = known.computeIfAbsent(step.client(), _ -> new HashMap<>());
                    missed(step, of, found);
                    step.saw().forEach((order, progress) -> of.merge(order, progress, Progress::and));
                });
        return found;
    }

    /** Where a client read what had been over for longer than {@code most} when it asked. */
    List<Violation> olderThan(Duration most) {
        Map<UUID, NavigableMap<Long, Progress>> facts = new HashMap<>();
        steps().stream()
                .sorted(Comparator.comparingLong(Step::endNs))
                .forEach(step -> step.saw().forEach((order, progress) -> {
                    NavigableMap<Long, Progress> of = facts.computeIfAbsent(order, _ -> new TreeMap<>());
                    Progress sofar = of.isEmpty() ? progress : of.lastEntry().getValue();
                    of.put(step.endNs(), progress.and(sofar));
                }));
        List<Violation> found = new ArrayList<>();
        for (Step step : steps()) {
            Map<UUID, Progress> known = new HashMap<>();
            for (UUID order : step.about() == null ? Set.<UUID>of() : step.about()) {
                var fact = facts.getOrDefault(order, new TreeMap<>()).lowerEntry(step.startNs() - most.toNanos());
                if (fact != null) {
                    known.put(order, fact.getValue());
                }
            }
            missed(step, known, found);
        }
        return found;
    }

    private static void missed(Step step, Map<UUID, Progress> known, List<Violation> found) {
        if (step.about() == null) {
            return;
        }
        for (UUID order : step.about()) {
            Progress must = known.get(order);
            Progress seen = step.saw().get(order);
            if (must != null && (seen == null || !seen.covers(must))) {
                found.add(new Violation(step, order, must, seen));
            }
        }
    }
}
