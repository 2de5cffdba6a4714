package caravan.order;

import caravan.common.messaging.Json;
import caravan.common.messaging.PoisonException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is to be done about a view, by what the events say and what is stored. Pure. */
sealed interface Mending {

    /** A view as the events tell it. */
    record Told(UUID customer, OrderView view) {

        UUID id() {
            return view.id();
        }
    }

    /** A row of the read model, whatever is in it. */
    record Kept(
            UUID customer,
            String status,
            int sequence,
            int version,
            Instant createdAt,
            boolean started,
            String document) {

        /** Empty when it is none. */
        private Optional<OrderView> view() {
            try {
                return Optional.of(Json.read(document, OrderView.class));
            } catch (PoisonException _) {
                return Optional.empty();
            }
        }

        private boolean fits(OrderView view) {
            return status.equals(view.status().name())
                    && sequence == view.sequence()
                    && createdAt.equals(view.createdAt())
                    && (started || view.sequence() == 0);
        }
    }

    /** It is what the events say. */
    record Equal() implements Mending {}

    /** It has seen more than was read: the next events will tell. */
    record Newer() implements Mending {}

    record Missing() implements Mending {}

    /**
     * It says something else, or has seen less.
     *
     * @param version the one that is wrong, and the only one that may be replaced
     */
    record Wrong(int version) implements Mending {}

    static Mending of(Told told, @Nullable Kept kept) {
        if (kept == null) {
            return new Missing();
        }
        Optional<OrderView> view = kept.view();
        if (view.isPresent() && view.get().sequence() > told.view().sequence()) {
            return new Newer();
        }
        boolean equal = view.filter(told.view()::equals).filter(kept::fits).isPresent();
        return equal && kept.customer().equals(told.customer()) ? new Equal() : new Wrong(kept.version());
    }
}
