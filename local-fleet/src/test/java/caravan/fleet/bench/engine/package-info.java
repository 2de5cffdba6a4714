@NullMarked
package caravan.fleet.bench.engine;

import org.jspecify.annotations.NullMarked;
