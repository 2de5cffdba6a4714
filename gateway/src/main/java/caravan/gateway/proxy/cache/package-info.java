/**
 * Answers for the catalogue from memory: a shared cache (RFC 9111) of what inventory-service says to everybody.
 *
 * <pre>
 *          ┌─ fresh ───────────────────────────────────────────▶ answer, 304
 * request ─┼─ none, or too old ─▶ Flights: one asks for all ───▶ Proxy.fetch ─▶ Memory
 *          │                                    └─ no answer ──▶ an old copy, or a problem
 *          └─ not for a cache ─────────────────────────────────▶ Proxy.pass
 * </pre>
 *
 * What is asked for all is asked in nobody's name: no header of a client's is in it, so that none can be in the answer.
 */
@NullMarked
package caravan.gateway.proxy.cache;

import org.jspecify.annotations.NullMarked;
