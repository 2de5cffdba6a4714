package caravan.common.contract;

import java.util.UUID;

public sealed interface PaymentCommand extends Command {

    record ChargePayment(UUID orderId, Money amount, String cardToken) implements PaymentCommand {}

    record RefundPayment(UUID orderId) implements PaymentCommand {}
}
