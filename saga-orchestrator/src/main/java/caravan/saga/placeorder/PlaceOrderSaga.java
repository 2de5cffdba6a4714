package caravan.saga.placeorder;

import static caravan.saga.engine.Action.action;
import static caravan.saga.engine.Step.compensatable;
import static caravan.saga.engine.Step.given;
import static caravan.saga.engine.Step.pivot;
import static caravan.saga.engine.Step.retriable;
import static caravan.saga.engine.Undo.undo;

import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.InventoryCommand.ReserveStock;
import caravan.common.contract.NotificationCommand.SendConfirmation;
import caravan.common.contract.OrderCommand.ApproveOrder;
import caravan.common.contract.OrderCommand.RejectOrder;
import caravan.common.contract.PaymentCommand.ChargePayment;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.Reply.ConfirmationSent;
import caravan.common.contract.Reply.OrderApproved;
import caravan.common.contract.Reply.OrderRejected;
import caravan.common.contract.Reply.PaymentCharged;
import caravan.common.contract.Reply.PaymentRefunded;
import caravan.common.contract.Reply.ShipmentArranged;
import caravan.common.contract.Reply.ShipmentCancelled;
import caravan.common.contract.Reply.StockReleased;
import caravan.common.contract.Reply.StockReserved;
import caravan.common.contract.ShipmentCommand.ArrangeShipment;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import caravan.saga.engine.Definition;
import java.util.List;

/** From an accepted order to its parcel. */
public final class PlaceOrderSaga {

    private PlaceOrderSaga() {}

    /**
     * What new sagas follow, then what those of earlier builds follow that may still be under way or stuck (rule 9). An earlier one
     * may go when no such saga is left: a build without it does not start before.
     */
    public static List<Definition<PlaceOrder>> editions(Tuning t) {
        return List.of(definition(t));
    }

    public static Definition<PlaceOrder> definition() {
        return definition(Tuning.standard());
    }

    public static Definition<PlaceOrder> definition(Tuning t) {
        return Definition.of(
                "place-order",
                PlaceOrder.class,
                given(
                        "order-placed",
                        undo(RejectOrder.class, PlaceOrder::rejectOrder, OrderRejected.class, t.undoing())),
                compensatable(
                        "reserve-stock",
                        action(ReserveStock.class, PlaceOrder::reserveStock, StockReserved.class, t.action()),
                        undo(ReleaseStock.class, (order, _) -> order.releaseStock(), StockReleased.class, t.undoing())),
                compensatable(
                        "charge-payment",
                        action(
                                ChargePayment.class,
                                PlaceOrder::chargePayment,
                                PaymentCharged.class,
                                PlaceOrder::charged,
                                t.charge()),
                        undo(
                                RefundPayment.class,
                                (order, _) -> order.refundPayment(),
                                PaymentRefunded.class,
                                t.undoing())),
                pivot(
                        "arrange-shipment",
                        action(
                                ArrangeShipment.class,
                                PlaceOrder::arrangeShipment,
                                ShipmentArranged.class,
                                PlaceOrder::shipping,
                                t.action()),
                        undo(
                                CancelShipment.class,
                                (order, _) -> order.cancelShipment(),
                                ShipmentCancelled.class,
                                t.undoing())),
                retriable(
                        "approve-order",
                        action(ApproveOrder.class, PlaceOrder::approveOrder, OrderApproved.class, t.last())),
                retriable(
                        "send-confirmation",
                        action(
                                SendConfirmation.class,
                                PlaceOrder::sendConfirmation,
                                ConfirmationSent.class,
                                t.last())));
    }
}
