package caravan.shipment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

@ConfigMapping(prefix = "caravan.shipment")
interface ShipmentConfig {

    /**
     * How long a parcel waits for the carrier. Far more than a saga takes from the parcel to the approval, retries and
     * undo included (minutes): nothing may leave that may still be undone.
     */
    @WithDefault("1h")
    Duration dispatchAfter();

    /** How late the carrier may come; finding nothing costs one index look-up. */
    @WithDefault("5s")
    Duration pickUpEvery();

    /** Parcels in one transaction; a full load is followed by the next at once. */
    @WithDefault("200")
    int maxLoad();
}
