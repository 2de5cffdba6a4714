/**
 * Sessions: accounts log in, API clients identify themselves, both get access tokens (RFC 9068) of a quarter of an hour;
 * logins also get refresh tokens that rotate. {@link caravan.gateway.session.Sessions} is what the rest of the gateway sees.
 *
 * <pre>
 * account  who may ask          key     what tokens are signed with
 * family   rotation, reuse, the deny-list
 * </pre>
 */
@NullMarked
package caravan.gateway.session;

import org.jspecify.annotations.NullMarked;
