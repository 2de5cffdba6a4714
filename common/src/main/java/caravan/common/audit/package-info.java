/**
 * A service looks at its own rows while it works, and tells what must not be. What must hold is in {@link caravan.audit}; here
 * is when a service looks, how much at a time, and where it counts. See decision record 0031.
 */
@NullMarked
package caravan.common.audit;

import org.jspecify.annotations.NullMarked;
