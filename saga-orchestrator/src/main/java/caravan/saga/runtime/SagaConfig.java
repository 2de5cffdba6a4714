package caravan.saga.runtime;

import caravan.saga.placeorder.Tuning;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What may be tuned about sagas, under {@code caravan.saga}. */
@ConfigMapping(prefix = "caravan.saga")
interface SagaConfig {

    /** How late a deadline may be noticed. Finding nothing costs one index look-up. */
    @WithDefault("500ms")
    Duration sweepEvery();

    /** Most sagas that one sweep's transaction takes; a full one is followed by the next at once. */
    @WithDefault("200")
    int sweepBatch();

    /** Durations of the steps; see {@link Tuning} for what each means and why. */
    PlaceOrderDurations placeOrder();

    interface PlaceOrderDurations {
        @WithDefault("10s")
        Duration answer();

        @WithDefault("5s")
        Duration finish();

        @WithDefault("10s")
        Duration undo();

        @WithDefault("60s")
        Duration backoffCap();

        @WithDefault("15m")
        Duration paymentBudget();

        default Tuning tuning() {
            return new Tuning(answer(), finish(), undo(), backoffCap(), paymentBudget());
        }
    }
}
