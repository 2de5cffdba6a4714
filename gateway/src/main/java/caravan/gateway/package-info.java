/**
 * The one door. Requests stream through to the service that owns the path; nothing is stored here, so any replica can take
 * any request.
 *
 * <pre>
 * request ─▶ RequestIds ─▶ BodyLimit ─▶ GatewayRoutes ─▶ Passage ─▶ downstream
 *            431           413          404               502 503 504
 * </pre>
 */
@NullMarked
package caravan.gateway;

import org.jspecify.annotations.NullMarked;
