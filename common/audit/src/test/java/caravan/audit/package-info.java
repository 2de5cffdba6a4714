@NullMarked
package caravan.audit;

import org.jspecify.annotations.NullMarked;
