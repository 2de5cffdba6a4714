@NullMarked
package caravan.fleet.sensitivity;

import org.jspecify.annotations.NullMarked;
