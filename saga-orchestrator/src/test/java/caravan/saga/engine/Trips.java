package caravan.saga.engine;

import static caravan.saga.engine.Action.action;
import static caravan.saga.engine.Step.compensatable;
import static caravan.saga.engine.Step.given;
import static caravan.saga.engine.Step.pivot;
import static caravan.saga.engine.Step.retriable;
import static caravan.saga.engine.Undo.undo;

import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.Money;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.Reply.OrderApproved;
import caravan.common.contract.Reply.OrderRejected;
import caravan.common.contract.Reply.PaymentCharged;
import caravan.common.contract.Reply.PaymentRefunded;
import caravan.common.contract.Reply.StockReleased;
import caravan.common.contract.Reply.StockReserved;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Steps of a short saga over the contract's commands, to build definitions of, good and bad ones. */
final class Trips {

    static final UUID ORDER = UUID.fromString("018f0000-0000-7000-8000-00000000000b");
    static final Money FARE = new Money(100, "EUR");
    static final ReserveStock SEAT = new ReserveStock(ORDER, List.of());
    static final ReleaseStock FREE_SEAT = new ReleaseStock(ORDER);
    static final ChargePayment CHARGE = new ChargePayment(ORDER, FARE, "tok");
    static final RefundPayment REFUND = new RefundPayment(ORDER);
    static final ApproveOrder TICKET = new ApproveOrder(ORDER);

    static final Policy POLICY = Policy.of(Duration.ofSeconds(10), 1, Duration.ofSeconds(60));

    private Trips() {}

    record Trip(UUID orderId) {}

    static Step<Trip> asked() {
        return given(
                "asked",
                undo(RejectOrder.class, (t, why) -> new RejectOrder(t.orderId(), why), OrderRejected.class, POLICY));
    }

    static Step<Trip> seat() {
        return compensatable("seat", seatAction(), seatUndo());
    }

    static Action<Trip> seatAction() {
        return action(ReserveStock.class, t -> new ReserveStock(t.orderId(), List.of()), StockReserved.class, POLICY);
    }

    static Undo<Trip> seatUndo() {
        return undo(ReleaseStock.class, (t, _) -> new ReleaseStock(t.orderId()), StockReleased.class, POLICY);
    }

    static Step<Trip> fare() {
        return pivot(
                "fare",
                fareAction(),
                undo(RefundPayment.class, (t, _) -> new RefundPayment(t.orderId()), PaymentRefunded.class, POLICY));
    }

    static Step<Trip> fareForGood() {
        return pivot("fare", fareAction(), null);
    }

    static Action<Trip> fareAction() {
        return action(
                ChargePayment.class, t -> new ChargePayment(t.orderId(), FARE, "tok"), PaymentCharged.class, POLICY);
    }

    static Step<Trip> ticket() {
        return retriable("ticket", ticketAction(POLICY));
    }

    static Action<Trip> ticketAction(Policy policy) {
        return action(ApproveOrder.class, t -> new ApproveOrder(t.orderId()), OrderApproved.class, policy);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // passed on, never written
    static Definition<Trip> trip(Step<Trip>... steps) {
        return Definition.of("trip", Trip.class, steps);
    }

    static SagaScript<Trip> starts(Definition<Trip> definition) {
        return SagaScript.starts(definition, ORDER, new Trip(ORDER));
    }
}
