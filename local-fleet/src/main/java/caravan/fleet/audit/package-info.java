/**
 * The invariants of the saga protocol, checked from the databases alone.
 *
 * <p>Each database is read once, in the order of the order ids, and the streams are joined as they come: memory does not
 * grow with the number of orders. What is asked, and what must hold of the answers, is in {@link caravan.audit}: the services of a fleet at work ask and judge the same.
 */
@NullMarked
package caravan.fleet.audit;

import org.jspecify.annotations.NullMarked;
