/**
 * How messages travel: CloudEvents in Kafka's binary mode, the intake that retries and puts poison aside, the inbox that
 * remembers what was answered, the outbox for what nothing redelivers.
 *
 * <p>Everything here runs on event loops and never blocks, unless it says so.
 */
@NullMarked
package caravan.common.messaging;

import org.jspecify.annotations.NullMarked;
