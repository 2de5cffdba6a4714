/** The saga that takes an approved order back, unless its parcel has left. */
@NullMarked
package caravan.saga.cancelorder;

import org.jspecify.annotations.NullMarked;
