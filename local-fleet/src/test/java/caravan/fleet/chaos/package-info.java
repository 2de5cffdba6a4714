@NullMarked
package caravan.fleet.chaos;

import org.jspecify.annotations.NullMarked;
