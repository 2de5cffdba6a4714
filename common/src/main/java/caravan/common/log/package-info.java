/** What stands beside the message of a log line, under the same names in every service. */
@NullMarked
package caravan.common.log;

import org.jspecify.annotations.NullMarked;
