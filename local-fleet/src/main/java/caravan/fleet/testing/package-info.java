/** The one seam through which every test gets its PostgreSQL, Kafka and Redis. */
@NullMarked
package caravan.fleet.testing;

import org.jspecify.annotations.NullMarked;
