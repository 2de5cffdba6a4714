package caravan.common.contract;

import java.util.List;
import java.util.UUID;

/**
 * These sagas ended so long ago that no message of theirs can come again: what is kept only to know one again may go
 * (protocol rule 11). To hear it twice changes nothing.
 *
 * @param sagas at most {@link #MOST}
 */
public record SagasForgotten(List<Forgotten> sagas) implements Event {

    /** About 50 kB of JSON, and one short transaction for whoever hears it. */
    public static final int MOST = 500;

    /** A saga and the order it was about: the same id where it placed the order, another where it cancelled it. */
    public record Forgotten(UUID sagaId, UUID orderId) {}

    public SagasForgotten {
        sagas = List.copyOf(sagas);
        if (sagas.size() > MOST) {
            throw new IllegalArgumentException(sagas.size() + " sagas, more than " + MOST);
        }
    }
}
