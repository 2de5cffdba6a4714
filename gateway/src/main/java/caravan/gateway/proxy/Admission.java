package caravan.gateway.proxy;

import java.time.Duration;

/** Whether the fleet can end what it begins. */
public interface Admission {

    boolean open();

    /** How long it takes until it can, as far as we know. */
    Duration retryAfter();
}
