package caravan.common.messaging;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;

/** What may be tuned about messaging, under {@code caravan.messaging}. */
@ConfigMapping(prefix = "caravan.messaging")
public interface MessagingConfig {

    @WithDefault("${kafka.bootstrap.servers:localhost:9092}")
    String bootstrapServers();

    /** Who sends: {@code ce_source}. */
    @WithDefault("${quarkus.application.name}")
    String source();

    /** This process among its replicas. */
    @WithDefault("${caravan.instance:${quarkus.application.name}}")
    String instance();

    /** How long a record waits for company. Sends come in batches already, so that waiting buys little. */
    @WithDefault("1ms")
    Duration linger();

    /** Most records handled in one transaction. */
    @WithDefault("256")
    int maxBatch();

    /** How often a single record may fail before it goes to the dead letters. */
    @WithDefault("3")
    int attempts();

    /**
     * Before the second try of a record that failed alone; doubled before the next. Short, since the whole poll waits: what only
     * needs time, a database that is away, is no such failure.
     */
    @WithDefault("5ms")
    Duration retryWait();

    /** First and longest wait while the surroundings are away. */
    @WithDefault("50ms")
    Duration firstWait();

    @WithDefault("5s")
    Duration longestWait();

    /**
     * How old a command or an order's event may be: the replay window. Above what Kafka keeps, so that all it can deliver again
     * is answered from the record; a day below {@code caravan.saga.keep-ended}, for clocks that differ and for a batch that is
     * under way meanwhile.
     */
    @WithDefault("6d")
    Duration replayWindow();

    /** Whether this service's database has an outbox table (locations {@code db/outbox}). */
    @WithDefault("false")
    boolean outbox();

    /** Safety net of the outbox relay, which is woken after each commit. */
    @WithDefault("1s")
    Duration outboxPollEvery();

    /**
     * Least time between the starts of two batches of the relay, and of others that collect work. A batch takes some 2 ms of CPU
     * time whatever is in it; fifty a second bound that to a tenth of a core, and what comes alone waits for nothing.
     */
    @WithDefault("20ms")
    Duration gap();

    /** How often it is asked what the consumer group has left. Some six small requests to the brokers each time. */
    @WithDefault("10s")
    Duration lagPollEvery();

    @WithName("create-topics")
    @WithDefault("true")
    boolean createTopics();

    @WithDefault("12")
    int partitions();

    /** -1: the broker's own default. */
    @WithDefault("-1")
    short replicationFactor();
}
