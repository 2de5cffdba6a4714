/** Black-box tests of the whole fleet: real processes, one story or one crash each, and the invariants after it. */
@NullMarked
package caravan.fleettests;

import org.jspecify.annotations.NullMarked;
