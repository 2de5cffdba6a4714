/** Load on the saga engine alone: orders from a topic, participants that say yes at once. */
@NullMarked
package caravan.fleet.bench.engine;

import org.jspecify.annotations.NullMarked;
