package caravan.notification;

import caravan.common.contract.Money;
import caravan.common.contract.NotificationCommand;
import caravan.common.contract.PricedLine;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a customer is told, as a mail.
 *
 * @param messageId follows from order and kind, so that a mail server's log can be searched for it
 */
record Letter(UUID orderId, String to, String messageId, String subject, String text, String html) {

    /**
     * What can be written into an SMTP command without a second thought. Narrower than RFC 5321: no quotes, no comments,
     * no control characters, no SMTPUTF8.
     */
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})");

    static Letter of(NotificationCommand command) {
        UUID order = command.orderId();
        return new Letter(
                order, command.customer().email(), messageId(command), subject(command), text(command), html(command));
    }

    static boolean canBeAddressedTo(String email) {
        return ADDRESS.matcher(email).matches();
    }

    static String messageId(NotificationCommand command) {
        return switch (Kind.of(command)) {
            case CONFIRMATION -> "<" + command.orderId() + "@caravan.example>";
            case CANCELLATION -> "<" + command.orderId() + ".cancelled@caravan.example>";
        };
    }

    private static String subject(NotificationCommand command) {
        return switch (Kind.of(command)) {
            case CONFIRMATION -> "Your order " + command.orderId() + " is confirmed";
            case CANCELLATION -> "Your order " + command.orderId() + " is cancelled";
        };
    }

    private static String message(NotificationCommand command) {
        return switch (Kind.of(command)) {
            case CONFIRMATION -> "thank you for your order %s. It is on its way to you:".formatted(command.orderId());
            case CANCELLATION ->
                "your order %s is cancelled as you wished, and the money is on its way back to you:"
                        .formatted(command.orderId());
        };
    }

    private static String text(NotificationCommand command) {
        String lines = command.lines().stream().map(Letter::line).collect(Collectors.joining("\n"));
        return """
                Hello %s,

                %s

                %s

                Total: %s

                Caravan
                """.formatted(command.customer().name(), message(command), lines, amount(command.total()));
    }

    private static String html(NotificationCommand command) {
        String rows = command.lines().stream().map(Letter::row).collect(Collectors.joining("\n"));
        return """
                <!doctype html>
                <html lang="en"><body>
                <p>Hello %s,</p>
                <p>%s</p>
                <table>
                %s
                <tr><td></td><th>Total</th><th>%s</th></tr>
                </table>
                <p>Caravan</p>
                </body></html>
                """.formatted(
                        escaped(command.customer().name()), message(command), rows, escaped(amount(command.total())));
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
