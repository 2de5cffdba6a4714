package caravan.common.messaging;

import caravan.common.contract.Message;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.TracerProvider;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@link Intake} decides without I/O, with the production defaults, for a simulation in another package. */
public final class IntakeRules {

    /** What is tried of a poll, one after the other. */
    public static final class Tries {

        private final Rounds<Message> rounds;
        private Rounds.@Nullable Try<Message> now;

        private Tries(Rounds<Message> rounds) {
            this.rounds = rounds;
        }

        /** False when nothing is left. */
        public boolean next() {
            now = rounds.next().orElse(null);
            return now != null;
        }

        public List<Received<?>> batch() {
            return List.copyOf(now().batch());
        }

        public boolean isAlone() {
            return now().isAlone();
        }

        public Duration pause() {
            return now().pause();
        }

        /** Says whether the record, alone, is dead. */
        public boolean failed(Throwable fault) {
            return rounds.failed(now(), fault);
        }

        private Rounds.Try<Message> now() {
            return Objects.requireNonNull(now);
        }
    }

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

    /** The rounds of a poll, as the intake makes them. */
    @SuppressWarnings("unchecked") // nobody puts another message into one that was received
    public Tries tries(List<Received<?>> polled) {
        return new Tries(new Rounds<>((List<Received<Message>>) (List<?>) polled, config));
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
