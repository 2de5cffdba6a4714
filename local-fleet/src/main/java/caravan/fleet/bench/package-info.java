/** The benchmark behind {@code ./caravan bench}: open-loop load through the gateway, what it cost, and whether it held. */
@NullMarked
package caravan.fleet.bench;

import org.jspecify.annotations.NullMarked;
