@NullMarked
package caravan.fleet.trace;

import org.jspecify.annotations.NullMarked;
