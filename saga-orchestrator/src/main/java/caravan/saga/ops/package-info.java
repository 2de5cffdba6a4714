/**
 * What operators see and do: sagas with their logs, orders to them, dead letters.
 *
 * <pre>
 * SagaResource ──┬─ SagaReads (committed rows, no lag)
 *                └─ Repairs (runtime) ── Turn ── outbox
 * </pre>
 */
@NullMarked
package caravan.saga.ops;

import org.jspecify.annotations.NullMarked;
