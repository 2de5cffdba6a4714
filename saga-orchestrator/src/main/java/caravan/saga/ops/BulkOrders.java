package caravan.saga.ops;

import caravan.common.messaging.TraceContext;
import caravan.saga.engine.Ignored;
import caravan.saga.engine.Verb;
import caravan.saga.runtime.Repairs;
import caravan.saga.runtime.Repairs.Outcome;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One order to many sagas: as they were found, in transactions of some hundreds. What fails midway leaves whole sagas. */
@Singleton
class BulkOrders {

    record Wanted(
            Verb verb,
            SagaFilter filter,
            int limit,
            String operator,
            @Nullable String reason,
            TraceContext trace) {}

    /**
     * What became of it.
     *
     * @param refused how many, by why: they had moved on meanwhile, or the state does not allow it
     * @param more whether the filter finds others still
     */
    record Given(int matched, boolean dryRun, int done, Map<Ignored, Integer> refused, boolean more) {}

    private final SagaReads reads;
    private final Repairs repairs;

    BulkOrders(SagaReads reads, Repairs repairs) {
        this.reads = reads;
        this.repairs = repairs;
    }

    Uni<Given> count(Wanted wanted) {
        return find(wanted).map(found -> {
            int matched = Math.min(found.size(), wanted.limit);
            return new Given(matched, true, 0, Map.of(), found.size() > wanted.limit);
        });
    }

    Uni<Given> give(Wanted wanted) {
        return find(wanted).chain(found -> {
            List<SagaView> chosen = found.subList(0, Math.min(found.size(), wanted.limit));
            Map<UUID, Outcome> outcomes = new HashMap<>();
            return give(wanted, chosen, 0, outcomes)
                    .map(_ -> given(chosen.size(), outcomes, found.size() > wanted.limit));
        });
    }

    /** One more than fits says whether there are more. */
    private Uni<List<SagaView>> find(Wanted wanted) {
        return reads.list(wanted.filter, null, wanted.limit + 1);
    }

    private Uni<Void> give(Wanted wanted, List<SagaView> chosen, int from, Map<UUID, Outcome> outcomes) {
        if (from >= chosen.size()) {
            return Uni.createFrom().voidItem();
        }
        int to = Math.min(chosen.size(), from + Repairs.MOST_AT_ONCE);
        return repairs.order(order(wanted, chosen.subList(from, to)))
                .invoke(outcomes::putAll)
                .chain(() -> give(wanted, chosen, to, outcomes));
    }

    private static Repairs.Order order(Wanted wanted, List<SagaView> chosen) {
        Map<UUID, String> steps = new HashMap<>();
        chosen.forEach(saga -> steps.put(saga.id(), saga.step() == null ? "" : saga.step()));
        return new Repairs.Order(wanted.verb, steps, wanted.operator, wanted.reason, wanted.trace);
    }

    private static Given given(int matched, Map<UUID, Outcome> outcomes, boolean more) {
        Map<Ignored, Integer> refused = new EnumMap<>(Ignored.class);
        int done = 0;
        for (Outcome outcome : outcomes.values()) {
            switch (outcome) {
                case Outcome.Done _ -> done++;
                case Outcome.Refused(Ignored why) -> refused.merge(why, 1, Integer::sum);
                case Outcome.Unknown _ -> refused.merge(Ignored.ENDED, 1, Integer::sum);
            }
        }
        return new Given(matched, false, done, refused, more);
    }
}
