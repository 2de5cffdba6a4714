@NullMarked
package caravan.fleet.audit;

import org.jspecify.annotations.NullMarked;
