/**
 * The manifests, rendered and read without a cluster: each field is one that the cluster or an operator knows, every rule of the policies holds and is shown to refuse
 * something, and what one object says of another is true.
 */
@NullMarked
package caravan.manifests;

import org.jspecify.annotations.NullMarked;
