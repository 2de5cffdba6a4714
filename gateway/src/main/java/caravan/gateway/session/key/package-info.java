/**
 * What tokens are signed with. Keys live in the database, so that every gateway signs with the same one, and roll over
 * without a refused token:
 *
 * <pre>
 * NEXT ──▶ CURRENT ──▶ PREVIOUS ──▶ gone
 * published,   signs       no token of it lives
 * known to                 any more
 * every verifier
 * </pre>
 */
@NullMarked
package caravan.gateway.session.key;

import org.jspecify.annotations.NullMarked;
