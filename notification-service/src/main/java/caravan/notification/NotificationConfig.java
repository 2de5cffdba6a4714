package caravan.notification;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

@ConfigMapping(prefix = "caravan.notification")
interface NotificationConfig {

    @WithDefault("localhost")
    String smtpHost();

    @WithDefault("2525")
    int smtpPort();

    /** Both or none. */
    Optional<String> smtpUser();

    Optional<String> smtpPassword();

    /** Connections kept open. A mail takes a few round trips, so that four carry far more than the rate below. */
    @WithDefault("4")
    int smtpConnections();

    @WithDefault("orders@caravan.example")
    String from();

    /** What relays accept from one sender without putting it off; the customer does not notice a second. */
    @WithDefault("50")
    int ratePerSecond();

    /** No byte from the server for so long: it hangs. */
    @WithDefault("15s")
    Duration silence();

    /** One mail, from the wait for a connection to the last reply. Well below the lease. */
    @WithDefault("30s")
    Duration sendTimeout();

    /** After this time a claimed mail's sender is taken for dead. */
    @WithDefault("60s")
    Duration lease();

    /** Twelve tries from one second to five minutes apart: half an hour's outage of the mail server. */
    @WithDefault("12")
    int attempts();

    @WithDefault("1s")
    Duration firstRetry();

    @WithDefault("5m")
    Duration longestRetry();

    /** Safety net of the sender, which is woken after each commit; also what a retry may be late. */
    @WithDefault("1s")
    Duration sweepEvery();

    /** How often leases and counts are looked at. */
    @WithDefault("10s")
    Duration checkEvery();

    /** Send again what may have arrived already: a second mail rather than none. */
    @WithDefault("false")
    boolean resendUncertain();
}
