package caravan.saga.audit;

import caravan.audit.OrderFacts;
import caravan.audit.OrderFacts.Mails;
import caravan.audit.OrderFacts.Payment;
import caravan.audit.Told;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What all participants have told of some orders. Of whom one tells nothing it holds nothing. */
final class Heard {

    private static final Mails NONE = new Mails(0, 0);

    private final Map<UUID, Told.OfOrder> orders = new HashMap<>();
    private final Map<UUID, Long> pieces = new HashMap<>();
    private final Map<UUID, Payment> payments = new HashMap<>();
    private final Map<UUID, String> parcels = new HashMap<>();
    private final Map<UUID, Mails> mails = new HashMap<>();

    Heard(List<? extends Told> told) {
        told.forEach(this::add);
    }

    private void add(Told told) {
        switch (told) {
            case Told.OfOrder of -> orders.put(of.id(), of);
            case Told.OfStock(UUID id, long reserved) -> pieces.put(id, reserved);
            case Told.OfPayment(UUID id, Payment payment) -> payments.put(id, payment);
            case Told.OfParcel(UUID id, String state) -> parcels.put(id, state);
            case Told.OfMails(UUID id, Mails sent) -> mails.put(id, sent);
        }
    }

    /** With its sagas, all that there is of an order. */
    OrderFacts of(UUID order, EndedSagas.Sagas sagas) {
        Told.OfOrder row = orders.get(order);
        return new OrderFacts(
                order,
                row == null ? null : row.order(),
                sagas.placing(),
                sagas.cancelling(),
                pieces.getOrDefault(order, 0L),
                row == null ? 0 : row.orderedPieces(),
                payments.get(order),
                parcels.get(order),
                mails.getOrDefault(order, NONE),
                row == null ? null : row.view());
    }
}
