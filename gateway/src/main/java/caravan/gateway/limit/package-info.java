/**
 * Who may ask how often. A token bucket for each policy and caller, kept in Redis and shared by all gateways; while Redis is away
 * each gateway gives out its share from memory.
 *
 * <pre>
 * Limiter ─▶ Lane (one an event loop) ─▶ RedisLine ─▶ take.lua
 *              │ late, refused, away
 *              └▶ LocalBuckets: limit / live gateways
 * </pre>
 */
@NullMarked
package caravan.gateway.limit;

import org.jspecify.annotations.NullMarked;
