/**
 * The engine's surroundings: reply consumer, sweepers of deadlines and of ended sagas, store.
 *
 * <pre>
 * order.events.v1 ─┐                      ┌─ *.commands.v1
 *                  ├─ SagaRunner ─ Turn ──┤
 * saga.replies.v1 ─┘       │              └─ saga.events.v1
 *                      SagaStore ── DeadlineSweeper ── outbox
 *                          └─────── EndedSweeper ───── outbox ── saga.retention.v1
 * </pre>
 *
 * A batch is one transaction: lock the sagas, decide in memory, write all, commit; then send; then acknowledge.
 */
@NullMarked
package caravan.saga.runtime;

import org.jspecify.annotations.NullMarked;
