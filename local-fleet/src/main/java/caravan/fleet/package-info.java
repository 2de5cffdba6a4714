/**
 * Everything Caravan needs around its services on one machine without containers: the embedded servers, the two simulators and the supervisor behind
 * {@code ./caravan up}.
 *
 * <p>A {@link caravan.fleet.Part} says how one program is prepared, started, probed and stopped; a {@link caravan.fleet.Child} is that program running once;
 * a {@code Keeper} starts it again when it dies; a {@link caravan.fleet.Fleet} is all of them in order. Tests use the same parts through {@link
 * caravan.fleet.testing.Backends}.
 */
@NullMarked
package caravan.fleet;

import org.jspecify.annotations.NullMarked;
