@NullMarked
package caravan.fleet.prefill;

import org.jspecify.annotations.NullMarked;
