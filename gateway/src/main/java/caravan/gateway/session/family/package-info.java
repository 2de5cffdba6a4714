/**
 * A family is one login: the refresh tokens that follow each other from it, one at a time. Which of them is good, and what a
 * wrong one means, is decided by {@link caravan.gateway.session.family.Rotation} under the lock of the family's row. Ended
 * sessions are on the deny-list until their last access token has expired.
 */
@NullMarked
package caravan.gateway.session.family;

import org.jspecify.annotations.NullMarked;
