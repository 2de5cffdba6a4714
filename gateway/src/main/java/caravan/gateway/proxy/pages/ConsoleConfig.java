package caravan.gateway.proxy.pages;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** What may be tuned about the operators' page, under {@code caravan.console}. */
@ConfigMapping(prefix = "caravan.console")
interface ConsoleConfig {

    /** Where a trace can be looked at, {@code {traceId}} in the place of its id; without one the id is shown and leads nowhere. */
    Optional<String> traceUrl();
}
