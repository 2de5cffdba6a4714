/** Runs the model of the protocol, {@code src/model/saga.pml}, through the model checker spin. */
@NullMarked
package caravan.saga.model;

import org.jspecify.annotations.NullMarked;
