/**
 * How spans leave a process. What they say, and in whose name, is said where they are made: {@code common.messaging} for
 * messages, Quarkus for requests.
 */
@NullMarked
package caravan.common.trace;

import org.jspecify.annotations.NullMarked;
