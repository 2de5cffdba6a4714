package caravan.saga.simulation;

import caravan.common.messaging.Outgoing;
import java.util.List;

/** A transaction that has read what it needs. Committed or given back, once. */
interface Unit {

    /** Writes; gives what is to be sent then. Throws the fault that rolls it back. */
    List<Outgoing> commit();

    /** Lets go of its locks. */
    void release();
}
