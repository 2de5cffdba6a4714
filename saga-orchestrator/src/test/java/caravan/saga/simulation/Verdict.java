package caravan.saga.simulation;

import static caravan.saga.simulation.Audit.violated;

import caravan.common.contract.SagaAdvanced;
import caravan.saga.cancelorder.CancelOrder;
import caravan.saga.engine.Phase;
import caravan.saga.engine.Phase.Compensated;
import caravan.saga.engine.Phase.Completed;
import caravan.saga.engine.SagaState;
import caravan.saga.runtime.SimulatedSagas;
import caravan.saga.simulation.OrderBook.Order;
import caravan.saga.simulation.OrderBook.State;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What must hold in the end, from the books alone. */
record Verdict(
        World world,
        SimulatedSagas sagas,
        OrderBook book,
        Stock stock,
        CardNetwork network,
        Parcels parcels,
        Mails mails) {

    static void check(
            World world,
            SimulatedSagas sagas,
            OrderBook book,
            Stock stock,
            CardNetwork network,
            Parcels parcels,
            Mails mails) {
        Verdict verdict = new Verdict(world, sagas, book, stock, network, parcels, mails);
        sagas.states().forEach(verdict::ended);
        book.orders().forEach(verdict::order);
        sagas.states().forEach(saga -> verdict.known(saga.id()));
    }

    private void ended(SagaState<?> saga) {
        boolean ended = saga.phase() instanceof Completed || saga.phase() instanceof Compensated;
        if (!ended) {
            throw violated(Invariant.ENDS, "%s is %s", saga.id(), saga.phase());
        }
        world.count(saga.definition() + " " + saga.phase().kind().name().toLowerCase(Locale.ROOT));
    }

    private void order(Order order) {
        UUID id = order.placed().orderId();
        SagaState<?> placing = sagas.state(id);
        if (placing == null) {
            throw violated(Invariant.ONE_SAGA, "%s has no saga", id);
        }
        @Nullable SagaState<?> cancelling = sagas.state(CancelOrder.sagaOf(id));
        boolean cancelled = cancelling != null && cancelling.phase() instanceof Completed;
        if (placing.phase() instanceof Completed && !cancelled) {
            kept(order);
        } else {
            takenBack(order, placing.phase());
        }
        money(order);
        mail(order, placing.phase(), cancelled);
    }

    private void kept(Order order) {
        UUID id = order.placed().orderId();
        if (order.state() != State.APPROVED || order.cancelWanted()) {
            throw violated(Invariant.ALL_OR_NOTHING, "%s is %s, though its saga completed", id, order);
        }
        require(stock.holdsFor(id), "%s is approved and has no stock", id);
        require(parcels.isUnderWay(id), "%s is approved and has no parcel", id);
        require(network.holds(id) == amount(order), "%s is approved and not paid: %d", id, network.holds(id));
    }

    private void takenBack(Order order, Phase placing) {
        UUID id = order.placed().orderId();
        boolean over =
                order.state() == State.CANCELLED || (order.state() == State.REJECTED && placing instanceof Compensated);
        require(over, "%s is %s after %s", id, order.state(), placing);
        require(!stock.holdsFor(id), "%s is not, and holds stock", id);
        require(!parcels.isUnderWay(id), "%s is not, and has a parcel", id);
        require(network.holds(id) == 0, "%s is not, and is paid: %d", id, network.holds(id));
    }

    private static void require(boolean holds, String otherwise, Object... about) {
        if (!holds) {
            throw violated(Invariant.ALL_OR_NOTHING, otherwise, about);
        }
    }

    private static long amount(Order order) {
        return order.placed().total().amountMinor();
    }

    private void money(Order order) {
        UUID id = order.placed().orderId();
        long held = network.holds(id);
        if (network.captures(id) > 1 || held < 0 || held > amount(order)) {
            throw violated(Invariant.MONEY, "%s: %d captures, %d held", id, network.captures(id), held);
        }
    }

    private void mail(Order order, Phase placing, boolean cancelled) {
        UUID id = order.placed().orderId();
        int confirmations = placing instanceof Completed ? 1 : 0;
        int cancellations = cancelled ? 1 : 0;
        if (mails.confirmations(id) != confirmations || mails.cancellations(id) != cancellations) {
            throw violated(
                    Invariant.MAIL,
                    "%s: %d confirmations, %d cancellations",
                    id,
                    mails.confirmations(id),
                    mails.cancellations(id));
        }
    }

    /** The read model has all of it, from the events alone. */
    private void known(UUID saga) {
        List<SagaAdvanced> log = sagas.log(saga);
        Map<Integer, SagaAdvanced> expected = new TreeMap<>();
        log.forEach(event -> expected.put(event.sequence(), event));
        Map<Integer, SagaAdvanced> seen = book.seen(saga);
        if (!seen.equals(expected)) {
            throw violated(
                    Invariant.READ_MODEL, "%s: transitions %s, known are %s", saga, expected.keySet(), seen.keySet());
        }
    }
}
