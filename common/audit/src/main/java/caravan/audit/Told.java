package caravan.audit;

import caravan.audit.OrderFacts.Mails;
import caravan.audit.OrderFacts.Order;
import caravan.audit.OrderFacts.Payment;
import caravan.audit.OrderFacts.View;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What one service tells of an order when it is asked for {@link AskedOrders}: states and numbers, nothing of anybody. Of an order without a row it tells nothing. */
public sealed interface Told {

    UUID id();

    record OfOrder(
            UUID id,
            @Nullable Order order,
            long orderedPieces,
            @Nullable View view) implements Told {}

    record OfStock(UUID id, long reservedPieces) implements Told {}

    record OfPayment(UUID id, Payment payment) implements Told {}

    record OfParcel(UUID id, String state) implements Told {}

    record OfMails(UUID id, Mails mails) implements Told {}
}
