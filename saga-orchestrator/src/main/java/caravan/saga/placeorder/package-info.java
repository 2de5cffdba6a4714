/** The saga that brings an accepted order to its parcel and its confirmation, or takes every part of it back. */
@NullMarked
package caravan.saga.placeorder;

import org.jspecify.annotations.NullMarked;
