/** What every process measures alike. Meters are made in classes named {@code *Metrics} and nowhere else. */
@NullMarked
package caravan.common.metric;

import org.jspecify.annotations.NullMarked;
