/**
 * The one door. Requests stream through to the service that owns the path.
 *
 * <pre>
 * request ─▶ RequestIds ─▶ BodyLimit ─▶ RouteTable ─▶ Cors ─▶ proxy, or a page or an endpoint of our own
 *            400 431       413          404 405       204
 * </pre>
 */
@NullMarked
package caravan.gateway;

import org.jspecify.annotations.NullMarked;
