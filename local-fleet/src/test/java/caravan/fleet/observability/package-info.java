/** What is in {@code observability} and {@code docs/runbooks}, tested with Prometheus' own tools: {@code apt-get install prometheus prometheus-alertmanager}. */
@NullMarked
package caravan.fleet.observability;

import org.jspecify.annotations.NullMarked;
