package caravan.saga.runtime;

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

    /** Durations of the steps; see {@link caravan.saga.placeorder.Tuning} for what each means and why. */
    PlaceOrderDurations placeOrder();

    /** The same of cancelling; see {@link caravan.saga.cancelorder.Tuning}. */
    CancelOrderDurations cancelOrder();

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

        default caravan.saga.placeorder.Tuning tuning() {
            return new caravan.saga.placeorder.Tuning(answer(), finish(), undo(), backoffCap(), paymentBudget());
        }
    }

    interface CancelOrderDurations {
        @WithDefault("5s")
        Duration answer();

        @WithDefault("10s")
        Duration undo();

        @WithDefault("60s")
        Duration backoffCap();

        default caravan.saga.cancelorder.Tuning tuning() {
            return new caravan.saga.cancelorder.Tuning(answer(), undo(), backoffCap());
        }
    }
}
