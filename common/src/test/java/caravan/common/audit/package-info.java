@NullMarked
package caravan.common.audit;

import org.jspecify.annotations.NullMarked;
