/**
 * What services say to each other: commands, replies, events, and the topics they travel on.
 *
 * <p>A contract grows only by optional fields and new types; anything else is a {@code .v2} topic. The wire names stand
 * in {@link caravan.common.contract.MessageTypes}, never in a class name.
 */
@NullMarked
package caravan.common.contract;

import org.jspecify.annotations.NullMarked;
