package caravan.notification;

import caravan.common.contract.Customer;
import caravan.common.contract.Money;
import caravan.common.contract.NotificationCommand.SendCancellation;
import caravan.common.contract.NotificationCommand.SendConfirmation;
import caravan.common.contract.PricedLine;
import java.util.List;
import java.util.UUID;

/** Commands for tests. */
final class Confirmations {

    private Confirmations() {}

    static SendConfirmation to(UUID order, String email) {
        return to(order, "Ada Lovelace", email);
    }

    static SendConfirmation to(UUID order, String name, String email) {
        Money price = new Money(1999, "EUR");
        return new SendConfirmation(
                order,
                new Customer(UUID.randomUUID(), name, email),
                List.of(new PricedLine("TEA-1", "Tea <green> & good", 2, price)),
                price.times(2));
    }

    static SendCancellation cancelled(UUID order, String email) {
        SendConfirmation confirmed = to(order, email);
        return new SendCancellation(order, confirmed.customer(), confirmed.lines(), confirmed.total());
    }

    /** An address of its own for each test: the mail sink is shared. */
    static String address(UUID order) {
        return "ada." + order + "@customers.example";
    }
}
