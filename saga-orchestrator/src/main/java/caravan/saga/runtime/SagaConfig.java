package caravan.saga.runtime;

import caravan.common.contract.SagasForgotten;
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

    /**
     * How long an ended saga is remembered. Must exceed what Kafka keeps of the topics (retention.ms: its own default is a
     * week, set less) and, by a day, {@code caravan.messaging.replay-window}: then nothing that would still be handled meets
     * a saga that is gone.
     */
    @WithDefault("7d")
    Duration keepEnded();

    /** The pause between batches: 200 sagas each 2 s are eight times what ends on a day of a million orders. */
    @WithDefault("2s")
    Duration forgetEvery();

    /** At most {@link SagasForgotten#MOST}. A saga is some eight rows here and seven at the participants. */
    @WithDefault("200")
    int forgetBatch();

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
