/** Load on the whole fleet: real sessions at the gateway. */
@NullMarked
package caravan.fleet.bench.gateway;

import org.jspecify.annotations.NullMarked;
