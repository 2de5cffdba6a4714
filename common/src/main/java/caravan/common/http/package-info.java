/** Problem bodies (RFC 9457) and what every HTTP edge of the fleet does alike. */
@NullMarked
package caravan.common.http;

import org.jspecify.annotations.NullMarked;
