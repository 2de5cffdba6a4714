/**
 * From a matched route to a service and back.
 *
 * <pre>
 * RouteTable ─▶ Proxy ─▶ Admission ─▶ Upload ─▶ Guard ────────────▶ Passage ─▶ Downstream
 * 404 405                503          413       503 bulkhead, breaker   502 503 504
 * </pre>
 *
 * Everything of one request happens on its own event loop, upstream connections included.
 */
@NullMarked
package caravan.gateway.proxy;

import org.jspecify.annotations.NullMarked;
