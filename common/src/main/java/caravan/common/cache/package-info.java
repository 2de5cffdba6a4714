/**
 * Caches in Redis, and what they need: loads that happen once however many ask, writes that go through, counts that are written
 * later. Decision record 0020.
 *
 * <pre>
 *   read:    look ─fresh─▶ answer
 *             ├──stale───▶ answer, while whoever has the lease loads
 *             └──nothing─▶ load (with the lease), or wait for whoever has it
 *   write:   commit ─▶ store with the new version, take the lease away from who loads the old one
 *   counts:  sum here ─▶ add in Redis ─▶ set aside ─▶ write, once per id ─▶ remove
 *   Redis away: every read loads, once at a time for each key in each process; writes are not held up; counts wait
 * </pre>
 *
 * A service that uses it brings {@code vertx-redis-client} along.
 */
@NullMarked
package caravan.common.cache;

import org.jspecify.annotations.NullMarked;
