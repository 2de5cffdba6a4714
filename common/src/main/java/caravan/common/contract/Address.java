package caravan.common.contract;

import org.jspecify.annotations.Nullable;

/** A postal address; {@code country} is ISO 3166-1 alpha-2. */
public record Address(
        String name, String line1, @Nullable String line2, String city, String postalCode, String country) {}
