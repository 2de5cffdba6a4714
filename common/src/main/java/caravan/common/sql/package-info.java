/** PostgreSQL with few round trips. */
@NullMarked
package caravan.common.sql;

import org.jspecify.annotations.NullMarked;
