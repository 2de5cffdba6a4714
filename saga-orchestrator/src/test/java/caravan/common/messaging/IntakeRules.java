package caravan.common.messaging;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.TracerProvider;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;

/** What {@link Intake} decides without I/O, with the production defaults, for a simulation in another package. */
public final class IntakeRules {

    private final MessagingConfig config;

    public IntakeRules(String source) {
        this.config = new SmallRyeConfigBuilder()
                .withMapping(MessagingConfig.class)
                .addDefaultInterceptors()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withDefaultValue("quarkus.application.name", source)
                .build()
                .getConfigMapping(MessagingConfig.class);
    }

    /** Throws {@link PoisonException} for what is older than the replay window. */
    public void refuseForgotten(Received<?> received, Instant now) {
        Intake.refuseForgotten(received, now, config.replayWindow());
    }

    public boolean isDead(Throwable fault, int attempt) {
        return Intake.isDead(fault, attempt, config);
    }

    public Duration waitAfter(int attempt) {
        return Intake.waitAfter(attempt, config);
    }

    /** Between tries while the surroundings are away, at most. */
    public Duration firstWait() {
        return config.firstWait();
    }

    /** For a consumer that only decides: it can neither read nor send. */
    @SuppressWarnings("NullAway") // nobody asks for what is not there
    public Messaging messaging(MeterRegistry meters) {
        return new Messaging(
                null,
                null,
                null,
                config,
                new MessageMetrics(meters),
                TracerProvider.noop().get("none"));
    }
}
