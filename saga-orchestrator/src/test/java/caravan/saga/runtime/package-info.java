@NullMarked
package caravan.saga.runtime;

import org.jspecify.annotations.NullMarked;
