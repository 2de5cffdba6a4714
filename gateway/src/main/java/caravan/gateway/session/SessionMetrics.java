package caravan.gateway.session;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Meters of logins; those of sessions under way are in {@code family}. */
@Singleton
class SessionMetrics {

    private final MeterRegistry meters;

    SessionMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void answered(Logins.Answer answer) {
        String outcome = switch (answer) {
            case Logins.Answer.LoggedIn _ -> "logged-in";
            case Logins.Answer.WrongCredentials _ -> "wrong-credentials";
            case Logins.Answer.Throttled _ -> "throttled";
        };
        meters.counter("session.logins", "outcome", outcome).increment();
    }
}
