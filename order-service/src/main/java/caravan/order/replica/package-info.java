/**
 * Reads on a streaming replica. A watch asks both nodes where they are in the write-ahead log and keeps what the replica is
 * good for; each read is one statement, on the replica when that may answer it, else on the primary. Nothing here writes,
 * and nothing that is read here may decide a write: see decision record 0021.
 *
 * <pre>
 *            looked at, and close                 too far behind
 *   Away ─────────────────────▶ Lagging ◀───────────────────────── InRotation
 *    ▲                             │ └───────────────────────────────▶  │
 *    │                             │    close for long enough           │
 *    └─────────────────────────────┴────────────────────────────────────┘
 *                 does not answer, or is no replica any more
 * </pre>
 */
@NullMarked
package caravan.order.replica;

import org.jspecify.annotations.NullMarked;
