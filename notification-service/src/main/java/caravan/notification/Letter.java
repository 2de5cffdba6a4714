package caravan.notification;

import caravan.common.contract.Money;
import caravan.common.contract.NotificationCommand.SendConfirmation;
import caravan.common.contract.PricedLine;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A confirmation as a mail.
 *
 * @param messageId follows from the order id, so that a mail server's log can be searched for it
 */
record Letter(UUID orderId, String to, String messageId, String subject, String text, String html) {

    /**
     * What can be written into an SMTP command without a second thought. Narrower than RFC 5321: no quotes, no comments,
     * no control characters, no SMTPUTF8.
     */
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})");

    static Letter of(SendConfirmation confirmation) {
        UUID order = confirmation.orderId();
        return new Letter(
                order,
                confirmation.customer().email(),
                messageId(order),
                "Your order " + order + " is confirmed",
                text(confirmation),
                html(confirmation));
    }

    static boolean canBeAddressedTo(String email) {
        return ADDRESS.matcher(email).matches();
    }

    static String messageId(UUID order) {
        return "<" + order + "@caravan.example>";
    }

    private static String text(SendConfirmation confirmation) {
        String lines = confirmation.lines().stream().map(Letter::line).collect(Collectors.joining("\n"));
        return """
                Hello %s,

                thank you for your order %s. It is on its way to you:

                %s

                Total: %s

                Caravan
                """.formatted(
                        confirmation.customer().name(), confirmation.orderId(), lines, amount(confirmation.total()));
    }

    private static String html(SendConfirmation confirmation) {
        String rows = confirmation.lines().stream().map(Letter::row).collect(Collectors.joining("\n"));
        return """
                <!doctype html>
                <html lang="en"><body>
                <p>Hello %s,</p>
                <p>thank you for your order %s. It is on its way to you:</p>
                <table>
                %s
                <tr><td></td><th>Total</th><th>%s</th></tr>
                </table>
                <p>Caravan</p>
                </body></html>
                """.formatted(
                        escaped(confirmation.customer().name()),
                        confirmation.orderId(),
                        rows,
                        escaped(amount(confirmation.total())));
    }

    private static String line(PricedLine line) {
        return "%5d  %s (%s), %s each".formatted(line.quantity(), line.name(), line.sku(), amount(line.unitPrice()));
    }

    private static String row(PricedLine line) {
        return "<tr><td>%d</td><td>%s</td><td>%s</td></tr>"
                .formatted(line.quantity(), escaped(line.name()), escaped(amount(line.unitPrice())));
    }

    private static String amount(Money money) {
        int digits;
        try {
            digits = Math.max(0, Currency.getInstance(money.currency()).getDefaultFractionDigits());
        } catch (IllegalArgumentException _) {
            // A currency that this JDK does not know: two digits are the rule.
            digits = 2;
        }
        return BigDecimal.valueOf(money.amountMinor(), digits).toPlainString() + " " + money.currency();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
