/**
 * The fleet in virtual time: production decisions (engine, definitions, turn, runner, inbox plan, rules of the intake) over a
 * simulated log, simulated databases and simulated participants, with everything going wrong that may.
 *
 * <pre>
 *   Scenarios ─ seed → Scenario ─ Simulation ─► World (time, queue)
 *                                     │   Log ── Group ── Node, Consumer ── Handler → Unit
 *                                     │   Orchestrator · Service + Stock, Payments, Parcels, Mails, OrderBook
 *                                     └─► Audit: invariants while it runs and at its end → Violation → Shrinker → a story
 * </pre>
 *
 * A scenario holds all that goes wrong as a list, and a delay follows from the message, not from what was drawn before: so one thing
 * can be left out and the rest stays as it was.
 */
@NullMarked
package caravan.saga.simulation;

import org.jspecify.annotations.NullMarked;
