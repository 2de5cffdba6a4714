/** Traces as a sink keeps them: spans, the tree they make, and how that is shown. No I/O. */
@NullMarked
package caravan.fleet.trace;

import org.jspecify.annotations.NullMarked;
