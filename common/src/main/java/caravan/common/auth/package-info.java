/**
 * Who asks: access tokens (RFC 9068) as every part verifies them by itself, and the scopes they carry. The gateway issues
 * them; nobody trusts the network.
 */
@NullMarked
package caravan.common.auth;

import org.jspecify.annotations.NullMarked;
