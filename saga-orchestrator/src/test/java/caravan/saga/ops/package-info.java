@NullMarked
package caravan.saga.ops;

import org.jspecify.annotations.NullMarked;
