/**
 * Takes orders and shows them. An order is accepted in the transaction that stores it, its first view and the event that
 * starts its saga; what the saga then does is folded into the view, and the saga tells the order how it ended.
 *
 * <pre>
 * orders       PLACED ──ApproveOrder──▶ APPROVED ──MarkCancelled──▶ CANCELLED
 *                │                        ▲  │                        ▲
 *                │                        └──┘ KeepOrder              │
 *                ├─────RejectOrder─────▶ REJECTED                     │
 *                └─────RejectOrder, and the customer had cancelled ───┘
 *
 * order_views  PENDING ─▶ STOCK_RESERVED ─▶ PAID ─▶ SHIPMENT_ARRANGED ─▶ APPROVED
 *                              │             ▲
 *                              └─▶ PAYMENT_QUEUED
 *              any of them but the last ─▶ REJECTED, or NEEDS_ATTENTION until it is repaired
 *              any of them, once the customer's wish has won ─▶ CANCELLING ─▶ CANCELLED
 * </pre>
 */
@NullMarked
package caravan.order;

import org.jspecify.annotations.NullMarked;
