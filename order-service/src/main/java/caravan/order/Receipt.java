package caravan.order;

import java.util.UUID;

/** The answer to whoever placed an order, and again to whoever repeats the request. {@code body} is JSON. */
record Receipt(UUID id, String body) {}
