/**
 * {@code ./caravan sensitivity}: mistakes planted into a copy of the production code, each of which a named test must find. The mistakes are the
 * patches in {@code src/mutants}.
 */
@org.jspecify.annotations.NullMarked
package caravan.fleet.sensitivity;
