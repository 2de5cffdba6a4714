/**
 * The invariants of the saga protocol, checked from the databases alone.
 *
 * <p>Each database is read once, in the order of the order ids, and the streams are joined as they come: memory does not
 * grow with the number of orders. A check is a pure function of what the databases say of one order or one product.
 */
@NullMarked
package caravan.fleet.audit;

import org.jspecify.annotations.NullMarked;
