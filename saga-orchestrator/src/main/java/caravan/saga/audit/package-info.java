/**
 * The invariants that no database can tell alone, checked while the fleet works: sagas that ended a minute ago are read, their
 * participants are asked what they hold of these orders, and the rules of {@link caravan.audit} judge.
 *
 * <pre>
 * EndedSagas ── a page ──▶ Participants ── facts over HTTP ──▶ SagaAudit ── judged, looked at twice ──▶ invariant.violations
 * </pre>
 */
@NullMarked
package caravan.saga.audit;

import org.jspecify.annotations.NullMarked;
