/**
 * Charges cards and gives the money back. A command only writes down what is wanted (the intent) and is answered later: the
 * {@link caravan.payment.Cashier} takes due payments to the card network, which is slow and may be away, and records what
 * it said together with the reply.
 *
 * <pre>
 *                 ┌──────────── breaker open ───────────┐
 *                 │         ┌── due again ──┐           │
 *                 │         ▼               │           ▼
 *   charge ──► REQUESTED ◄── fault: later   └──────── QUEUED
 *                 │                                     │
 *                 ├── captured ──► CAPTURED ◄───────────┤
 *                 ├── declined ──► DECLINED ◄───────────┤
 *                 │                    │                │
 *   refund:       │ never sent         │ captured, or   │ never sent
 *                 ▼                    ▼ outcome unknown▼
 *             CANCELLED        REFUND_REQUESTED     CANCELLED
 *                                      │
 *                                      └── reversed ──► REFUNDED
 * </pre>
 *
 * <p>Every call to the network carries the id of the charge command as its key, and an intent is committed before the first
 * call: whatever the network did for a key can be asked for again, and can be reversed. A result that comes after the
 * refund was asked for changes the books, not the direction.
 */
@NullMarked
package caravan.payment;

import org.jspecify.annotations.NullMarked;
