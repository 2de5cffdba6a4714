/**
 * The engine's surroundings: reply consumer, deadline sweeper, store.
 *
 * <pre>
 * order.events.v1 ─┐                      ┌─ *.commands.v1
 *                  ├─ SagaRunner ─ Turn ──┤
 * saga.replies.v1 ─┘       │              └─ saga.events.v1
 *                      SagaStore ── DeadlineSweeper ── outbox
 * </pre>
 *
 * A batch is one transaction: lock the sagas, decide in memory, write all, commit; then send; then acknowledge.
 */
@NullMarked
package caravan.saga.runtime;

import org.jspecify.annotations.NullMarked;
