/** What the gateway says about the API: the OpenAPI document, its viewer, and a page for each kind of problem. */
@NullMarked
package caravan.gateway.proxy.pages;

import org.jspecify.annotations.NullMarked;
