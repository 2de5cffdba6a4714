package caravan.inventory;

import caravan.common.contract.Money;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;

/**
 * A product as the catalogue shows it.
 *
 * @param onHand what is free to be ordered
 * @param changedAt the last change of anything in here, stock included
 */
record ProductView(
        String sku,
        String name,
        String description,
        Money price,
        List<String> tags,
        int onHand,
        long version,
        @JsonIgnore Instant changedAt) {

    /**
     * Strong: it changes with every byte of the answer, so also when pieces come and go. {@code If-Match} asks only for the
     * version in it: selling a piece does not spoil an edit, which leaves stock alone.
     */
    String etag() {
        return "\"%d.%d\"".formatted(version, onHand);
    }
}
