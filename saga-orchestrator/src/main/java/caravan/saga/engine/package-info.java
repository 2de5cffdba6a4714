/**
 * What a saga does next, as a pure function: {@link caravan.saga.engine.Engine#decide} takes a definition, a state, a
 * signal and the time, and gives the next state with what to send and until when to wait. It knows no framework, no
 * clock and no I/O, and may be called from any thread.
 *
 * <pre>
 *   start ─► Running ── last step done ──────────────────────────────► Completed
 *              │ rejected, unknown after the last try, or cancelled before the pivot
 *              ▼
 *            Undoing ── the given step is undone ────────────────────► Compensated
 *              │  ▲
 *   exhausted  ▼  │ the undo's answer after all
 *             Stuck
 * </pre>
 *
 * <p>The rules behind it stand in the saga protocol (docs), 3 to 8.
 */
@NullMarked
package caravan.saga.engine;

import org.jspecify.annotations.NullMarked;
