package caravan.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import caravan.common.contract.Failure;
import caravan.common.contract.OrderCommand;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.KeepOrder;
import caravan.common.contract.OrderCommand.MarkCancelled;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.order.Standing.Ruling;
import caravan.order.Standing.State;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandingTest {

    private static final UUID ORDER = UUID.fromString("0198c0de-0000-7000-8000-00000000002a");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Failure DECLINED = new Failure("card-declined", "no money");
    private static final Failure LEFT = new Failure(Failure.ALREADY_DISPATCHED, "gone");
    private static final OrderCommand APPROVE = new ApproveOrder(ORDER);
    private static final OrderCommand REJECT = new RejectOrder(ORDER, DECLINED);
    private static final OrderCommand KEEP = new KeepOrder(ORDER, LEFT);
    private static final OrderCommand MARK = new MarkCancelled(ORDER);

    private final Standing placed = new Standing(ORDER, State.PLACED, null, null, null, null);
    private final Standing wanted = placed.requested(NOW, "found it cheaper");

    @Test
    void isApprovedOrRejectedAsEver() {
        assertThat(placed.after(APPROVE, NOW).state()).isEqualTo(State.APPROVED);
        assertThat(placed.after(REJECT, NOW))
                .isEqualTo(new Standing(ORDER, State.REJECTED, DECLINED, null, null, null));
    }

    @Test
    void endsCancelledWhenItIsRejectedAfterTheRequest() {
        assertThat(wanted.after(REJECT, NOW).state()).isEqualTo(State.CANCELLED);
        assertThat(wanted.after(REJECT, NOW).ruling()).isEqualTo(Ruling.UNDER_WAY);
    }

    @Test
    void asksAgainWhenItIsApprovedAfterTheRequest() {
        Standing approved = wanted.after(APPROVE, NOW);

        assertThat(approved.mustAskAgain(wanted)).isTrue();
        assertThat(approved.after(APPROVE, NOW).mustAskAgain(approved)).isFalse();
        assertThat(placed.after(APPROVE, NOW).mustAskAgain(placed)).isFalse();
        assertThat(wanted.after(REJECT, NOW).mustAskAgain(wanted)).isFalse();
    }

    @Test
    void staysApprovedAndKnowsWhyWhenTheParcelHadLeft() {
        Standing kept = wanted.after(APPROVE, NOW).after(KEEP, NOW.plusSeconds(1));

        assertThat(kept.state()).isEqualTo(State.APPROVED);
        assertThat(kept.cancelRequestedAt()).isNull();
        assertThat(kept.cancelRefusedAt()).isEqualTo(NOW.plusSeconds(1));
        assertThat(kept.ruling()).isEqualTo(Ruling.ALREADY_DISPATCHED);
        assertThat(kept.after(KEEP, NOW.plusSeconds(9))).isEqualTo(kept);
    }

    @Test
    void endsCancelledWhenEverythingIsTakenBack() {
        Standing cancelled = wanted.after(APPROVE, NOW).after(MARK, NOW);

        assertThat(cancelled.state()).isEqualTo(State.CANCELLED);
        assertThat(cancelled.after(MARK, NOW)).isEqualTo(cancelled);
        assertThat(cancelled.failure()).isNull();
    }

    @Test
    void rulesOnARequestByWhereItStands() {
        assertThat(placed.ruling()).isEqualTo(Ruling.REQUESTED);
        assertThat(placed.after(APPROVE, NOW).ruling()).isEqualTo(Ruling.REQUESTED);
        assertThat(wanted.ruling()).isEqualTo(Ruling.UNDER_WAY);
        assertThat(wanted.after(APPROVE, NOW).ruling()).isEqualTo(Ruling.UNDER_WAY);
        assertThat(wanted.after(APPROVE, NOW).after(MARK, NOW).ruling()).isEqualTo(Ruling.UNDER_WAY);
        assertThat(placed.after(REJECT, NOW).ruling()).isEqualTo(Ruling.ENDED);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void followsNoCommandThatItCannotHave(State state) {
        Standing standing = new Standing(ORDER, state, null, NOW, null, null);

        switch (state) {
            case PLACED -> refuses(standing, KEEP, MARK);
            case APPROVED -> refuses(standing, REJECT);
            case REJECTED -> refuses(standing, APPROVE, KEEP, MARK);
            case CANCELLED -> refuses(standing, APPROVE, KEEP);
        }
    }

    private static void refuses(Standing standing, OrderCommand... commands) {
        for (OrderCommand command : commands) {
            assertThatThrownBy(() -> standing.after(command, NOW))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(ORDER.toString(), standing.state().name());
        }
    }
}
