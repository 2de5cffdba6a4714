package caravan.common.messaging;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What to do with a batch of commands, given what the inbox knows: a pure decision, in the order of arrival.
 *
 * @param actions seen for the first time, to be done
 * @param undos seen for the first time, to be undone
 * @param tombstones actions that were overtaken by their undo: to be refused when they come
 * @param duplicates to be answered from the record, once everything else is done
 */
record InboxPlan<T>(List<T> actions, List<T> undos, List<MessageId> tombstones, List<T> duplicates) {

    static <T> InboxPlan<T> of(List<T> batch, Function<T, MessageId> idOf, Set<MessageId> known) {
        InboxPlan<T> plan = new InboxPlan<>(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Set<MessageId> seen = new HashSet<>(known);
        for (T item : batch) {
            MessageId id = idOf.apply(item);
            if (!seen.add(id)) {
                plan.duplicates.add(item);
            } else if (!id.isUndo()) {
                plan.actions.add(item);
            } else {
                plan.undos.add(item);
                if (seen.add(id.action())) {
                    plan.tombstones.add(id.action());
                }
            }
        }
        return plan;
    }
}
