package caravan.inventory;

import caravan.common.contract.Money;
import java.util.List;

/** A whole new content for a product; valid. */
record ProductEdit(String name, String description, Money price, List<String> tags) {}
