package caravan.common.contract;

import java.util.List;

/**
 * The product as it is now. {@code version} grows with every edit: an older one must not replace a newer one.
 */
public record ProductChanged(String sku, String name, String description, Money price, List<String> tags, long version)
        implements Event {}
