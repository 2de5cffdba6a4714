package caravan.saga.simulation;

import caravan.common.messaging.Received;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a service does with the records of a topic. */
@FunctionalInterface
interface Handler {

    /** Begins the transaction; null while somebody else holds a row of it. */
    @Nullable
    Unit begin(Node node, List<Received<?>> batch);
}
