/**
 * What operators see and do: sagas with their logs, orders to them, dead letters, the fleet's figures.
 *
 * <pre>
 * SagaResource ──┬─ SagaReads (committed rows, no lag)
 *                └─ Repairs (runtime) ── Turn ── outbox
 * FleetResource ─┬─ Census (runtime), FleetReads, LetterReads
 *                └─ ConsumerLags (the brokers)
 * </pre>
 */
@NullMarked
package caravan.saga.ops;

import org.jspecify.annotations.NullMarked;
