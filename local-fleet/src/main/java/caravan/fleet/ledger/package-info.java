/**
 * What each technique of the layers data and cache is worth: the same work with it and without it, on a fleet of its own. {@link
 * caravan.fleet.ledger.Ledger} is the list; a technique is switched off as an operator would do it, in a second process of the service
 * that has it.
 */
@NullMarked
package caravan.fleet.ledger;

import org.jspecify.annotations.NullMarked;
