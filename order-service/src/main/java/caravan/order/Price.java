package caravan.order;

import caravan.common.contract.Money;

/** What a product costs now, as far as this service has heard. */
record Price(String sku, String name, Money unit) {}
