/**
 * From a matched route to a service and back.
 *
 * <pre>
 * RouteTable ─▶ Proxy ─▶ Admission ─▶ Upload ─▶ Passage ─▶ Tries: place, breaker, retries ─▶ Downstream
 * 404 405                503          413                  502 503 504
 *
 * cache ──────▶ Proxy ───────────────────────▶ Fetch ───▶ Tries ...
 * </pre>
 *
 * Everything of one request happens on its own event loop, upstream connections included.
 */
@NullMarked
package caravan.gateway.proxy;

import org.jspecify.annotations.NullMarked;
