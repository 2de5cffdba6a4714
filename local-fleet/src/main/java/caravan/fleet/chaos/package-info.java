/**
 * The crash campaign behind {@code ./caravan chaos}: orders come at a steady rate while real processes are killed, stopped and cut off, one fault at a time, in an order
 * that a seed decides ({@link caravan.fleet.chaos.Schedule}). Then everything heals, and what customers were told and what the databases say must agree.
 *
 * <p>Services reach their backends through {@link caravan.fleet.chaos.Wires}, which can be frozen and cut; {@code Injector} is the one place that hurts; {@link
 * caravan.fleet.chaos.Campaign} is the course of it all and {@link caravan.fleet.chaos.Outcome} what came of it.
 */
@NullMarked
package caravan.fleet.chaos;

import org.jspecify.annotations.NullMarked;
