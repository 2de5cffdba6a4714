package caravan.gateway.proxy;

import java.time.Duration;

/** Whether the fleet can end what it begins. */
public interface Admission {

    /** One more order is let in, or it cannot end in time. */
    boolean admit();

    /** Orders are let in as others end. */
    boolean full();

    /** How long it takes until it can, as far as we know. */
    Duration retryAfter();
}
