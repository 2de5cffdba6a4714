/**
 * The fleet as operators see it, put together from what everybody says of themselves.
 *
 * <pre>
 * FleetRoutes ─┬──────────────▶ FleetReport ─┬─ Readiness (each service)
 *              └─ FleetStream ──▶            ├─ Proxy.ways, Admission (our own)
 *                 one look for all viewers   └─ Proxy.fetch (the orchestrator)
 * </pre>
 */
@NullMarked
package caravan.gateway.proxy.fleet;

import org.jspecify.annotations.NullMarked;
