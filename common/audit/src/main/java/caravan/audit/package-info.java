/**
 * The invariants of the saga protocol: what must hold, what is asked of each database, and who is believed. Pure; what a
 * database said comes in as values. The services, {@code ./caravan audit} and the tests judge by the same rules, and read by
 * the same statements.
 *
 * <pre>
 * a database ── Question ──▶ rows ──▶ OrderFacts, StockFacts, Money ──▶ Violation ── Suspicions ──▶ counted
 *                                                                        seen once      seen again
 * </pre>
 */
@NullMarked
package caravan.audit;

import org.jspecify.annotations.NullMarked;
