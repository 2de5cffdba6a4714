/** Who may ask for tokens: people with a password, and programs with a secret. */
@NullMarked
package caravan.gateway.session.account;

import org.jspecify.annotations.NullMarked;
