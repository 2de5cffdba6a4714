/**
 * Parcels. An order gets at most one: the carrier is asked for a label, and label and address are kept. This is the pivot of
 * PlaceOrder: an address that no carrier serves is a business no, and a parcel that is not wanted after all is cancelled.
 *
 * <pre>
 *   ArrangeShipment ──▶ ARRANGED ── CancelShipment ──▶ CANCELLED
 *          │               └─ the carrier comes ─▶ DISPATCHED ── CancelShipment: AlreadyDispatched, as an action;
 *          │                                                     a dead letter, as an undo
 *          └─ carrier declines: no row, AddressUndeliverable
 * </pre>
 */
@NullMarked
package caravan.shipment;

import org.jspecify.annotations.NullMarked;
