package caravan.common.contract;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An order was accepted; starts the saga. All a saga needs is in it, so that no service asks another.
 *
 * @param placedAt when the accepting transaction ran
 */
public record OrderPlaced(
        UUID orderId,
        Customer customer,
        List<PricedLine> lines,
        Money total,
        Address shippingAddress,
        String cardToken,
        Instant placedAt)
        implements OrderEvent {}
