package caravan.common.contract;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The customer wants an order cancelled. Said when it is asked for, and again when an order is approved meanwhile: all that
 * cancelling an approved order needs is in it.
 *
 * @param reason in the customer's words
 * @param approved how the order stood when this was said: not yet approved, its placing is to turn round; approved, it is to
 *     be taken back
 */
public record OrderCancellationRequested(
        UUID orderId,
        Customer customer,
        List<PricedLine> lines,
        Money total,
        Instant requestedAt,
        @Nullable String reason,
        boolean approved)
        implements OrderEvent {}
