package caravan.common.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class InboxPlanTest {

    private static final MessageId DO = new MessageId(UUID.randomUUID(), "reserve-stock", Direction.DO);
    private static final MessageId UNDO = new MessageId(DO.sagaId(), DO.step(), Direction.UNDO);
    private static final MessageId OTHER = new MessageId(UUID.randomUUID(), "reserve-stock", Direction.DO);

    @Test
    void doesWhatIsNew() {
        InboxPlan<MessageId> plan = plan(List.of(DO, OTHER), Set.of());

        assertThat(plan).isEqualTo(new InboxPlan<>(List.of(DO, OTHER), List.of(), List.of(), List.of()));
    }

    @Test
    void answersWhatIsKnown() {
        InboxPlan<MessageId> plan = plan(List.of(DO, OTHER), Set.of(DO));

        assertThat(plan).isEqualTo(new InboxPlan<>(List.of(OTHER), List.of(), List.of(), List.of(DO)));
    }

    @Test
    void doesATwinInTheSameBatchOnce() {
        InboxPlan<MessageId> plan = plan(List.of(DO, DO, DO), Set.of());

        assertThat(plan).isEqualTo(new InboxPlan<>(List.of(DO), List.of(), List.of(), List.of(DO, DO)));
    }

    @Test
    void undoesWhatWasDone() {
        InboxPlan<MessageId> plan = plan(List.of(UNDO), Set.of(DO));

        assertThat(plan).isEqualTo(new InboxPlan<>(List.of(), List.of(UNDO), List.of(), List.of()));
    }

    @Test
    void undoesOnce() {
        InboxPlan<MessageId> plan = plan(List.of(UNDO), Set.of(DO, UNDO));

        assertThat(plan).isEqualTo(new InboxPlan<>(List.of(), List.of(), List.of(), List.of(UNDO)));
    }

    @Test
    void leavesATombstoneWhereTheUndoCameFirst() {
        InboxPlan<MessageId> plan = plan(List.of(UNDO), Set.of());

        assertThat(plan).isEqualTo(new InboxPlan<>(List.of(), List.of(UNDO), List.of(DO), List.of()));
    }

    @Test
    void doesThenUndoesWithinABatch() {
        InboxPlan<MessageId> plan = plan(List.of(DO, UNDO), Set.of());

        assertThat(plan).isEqualTo(new InboxPlan<>(List.of(DO), List.of(UNDO), List.of(), List.of()));
    }

    @Test
    void refusesTheActionThatComesAfterItsUndoInABatch() {
        InboxPlan<MessageId> plan = plan(List.of(UNDO, DO), Set.of());

        assertThat(plan).isEqualTo(new InboxPlan<>(List.of(), List.of(UNDO), List.of(DO), List.of(DO)));
    }

    private static InboxPlan<MessageId> plan(List<MessageId> batch, Set<MessageId> known) {
        return InboxPlan.of(batch, Function.identity(), known);
    }
}
