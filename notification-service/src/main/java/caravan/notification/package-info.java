/**
 * Tells the customer. {@code SendConfirmation} and {@code SendCancellation} are answered as soon as the mail is on
 * record, in the same transaction; it follows in the background, at a steady rate, and never twice: an order has one mail of
 * each kind.
 *
 * <pre>
 *   Send…            ──▶ PENDING ◀────────────────────────────┐
 *        │                  │ claimed, committed, then sent     │ refused for now (no connection, 4xx):
 *        │                  ▼                                   │ capped backoff, bounded attempts
 *        │               SENDING ───────────────────────────────┘
 *        │                  ├── 250 ──────────────────────────▶ SENT
 *        │ no address       ├── 5xx, or attempts used up ──────▶ FAILED
 *        └──────────────────┼─────────────────────────────────▶ FAILED
 *                           └── no answer, or lease expired ──▶ UNCERTAIN (only resend-uncertain=true makes it PENDING)
 * </pre>
 *
 * <p>SMTP gives no way to ask whether a mail arrived. So what was begun and has no known end is listed for a person, who
 * can look into the mail server's log for the Message-ID, which follows from order and kind.
 */
@NullMarked
package caravan.notification;

import org.jspecify.annotations.NullMarked;
