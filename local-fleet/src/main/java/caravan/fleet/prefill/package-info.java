/**
 * Ended orders in any number, for a benchmark that wants full databases. Some real orders are the pattern: their rows, as
 * {@code COPY} writes them, with other ids and times in the same places. So a prefilled order looks like a real one whatever
 * the services' tables become. Which order gets what follows from its number alone.
 */
@NullMarked
package caravan.fleet.prefill;

import org.jspecify.annotations.NullMarked;
