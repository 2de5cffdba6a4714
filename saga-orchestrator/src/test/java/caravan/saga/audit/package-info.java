@NullMarked
package caravan.saga.audit;

import org.jspecify.annotations.NullMarked;
