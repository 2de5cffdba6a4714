/**
 * The warehouse and its catalogue. Sagas reserve stock for an order, all lines or nothing, and give it back; people edit
 * products and put pieces in.
 *
 * <pre>
 *              ReserveStock            (parcel leaves)
 *   on hand ─────────────────▶ reserved ─────────────▶ shipped
 *      ▲  ▲                        │
 *      │  └────────────────────────┘
 *   adjustment     ReleaseStock
 * </pre>
 *
 * For each product, on hand + reserved + shipped is what was put in, at every commit.
 */
@NullMarked
package caravan.inventory;

import org.jspecify.annotations.NullMarked;
