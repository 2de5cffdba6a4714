package caravan.inventory;

import java.util.UUID;

/** Pieces of one product, promised to one order. */
record Reservation(UUID orderId, String sku, int quantity) {}
