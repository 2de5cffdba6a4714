package caravan.saga.cancelorder;

import static caravan.saga.engine.Action.action;
import static caravan.saga.engine.Step.given;
import static caravan.saga.engine.Step.pivot;
import static caravan.saga.engine.Step.retriable;
import static caravan.saga.engine.Undo.undo;

import caravan.common.contract.InventoryCommand.ReleaseStock;
import caravan.common.contract.NotificationCommand.SendCancellation;
import caravan.common.contract.OrderCommand.KeepOrder;
import caravan.common.contract.OrderCommand.MarkCancelled;
import caravan.common.contract.PaymentCommand.RefundPayment;
import caravan.common.contract.Reply.CancellationSent;
import caravan.common.contract.Reply.OrderCancelled;
import caravan.common.contract.Reply.OrderKept;
import caravan.common.contract.Reply.PaymentRefunded;
import caravan.common.contract.Reply.ShipmentCancelled;
import caravan.common.contract.Reply.StockReleased;
import caravan.common.contract.ShipmentCommand.CancelShipment;
import caravan.saga.engine.Definition;
import java.util.List;

/**
 * From an approved order back to nothing. The parcel decides: once it is stopped everything else follows; when it has left,
 * the order stays as it is. Silence decides nothing, so that the pivot has no undo and is asked for until it is answered.
 */
public final class CancelOrderSaga {

    private CancelOrderSaga() {}

    /**
     * What new sagas follow, then what those of earlier builds follow that may still be under way or stuck (rule 9). An earlier one
     * may go when no such saga is left: a build without it does not start before.
     */
    public static List<Definition<CancelOrder>> editions(Tuning t) {
        return List.of(definition(t));
    }

    public static Definition<CancelOrder> definition() {
        return definition(Tuning.standard());
    }

    public static Definition<CancelOrder> definition(Tuning t) {
        return Definition.of(
                "cancel-order",
                CancelOrder.class,
                given("cancel-requested", undo(KeepOrder.class, CancelOrder::keepOrder, OrderKept.class, t.undoing())),
                pivot(
                        "cancel-shipment",
                        action(
                                CancelShipment.class,
                                CancelOrder::cancelShipment,
                                ShipmentCancelled.class,
                                t.insisting()),
                        null),
                retriable(
                        "refund-payment",
                        action(RefundPayment.class, CancelOrder::refundPayment, PaymentRefunded.class, t.insisting())),
                retriable(
                        "release-stock",
                        action(ReleaseStock.class, CancelOrder::releaseStock, StockReleased.class, t.insisting())),
                retriable(
                        "mark-cancelled",
                        action(MarkCancelled.class, CancelOrder::markCancelled, OrderCancelled.class, t.insisting())),
                retriable(
                        "tell-customer",
                        action(
                                SendCancellation.class,
                                CancelOrder::sendCancellation,
                                CancellationSent.class,
                                t.insisting())));
    }
}
