/**
 * The one door. Requests stream through to the service that owns the path.
 *
 * <pre>
 * request ─▶ RequestIds ─▶ BodyLimit ─▶ RouteTable ─▶ Cors ─▶ Gate ────────▶ cache and Proxy, or an endpoint or page of our own
 *            400 431       413          404 405       204     401 403 429   400 413 502 503 504
 * </pre>
 */
@NullMarked
package caravan.gateway;

import org.jspecify.annotations.NullMarked;
