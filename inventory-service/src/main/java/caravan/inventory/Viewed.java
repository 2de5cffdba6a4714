package caravan.inventory;

/** A product, and how often it was looked at. */
record Viewed(String sku, String name, long views) {}
