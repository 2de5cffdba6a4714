/**
 * The benchmark behind {@code ./caravan bench}: open-loop load, what it cost, and whether it held. What is put under load, the
 * whole fleet through its gateway or the saga engine alone, is a {@link caravan.fleet.bench.Workload}.
 */
@NullMarked
package caravan.fleet.bench;

import org.jspecify.annotations.NullMarked;
