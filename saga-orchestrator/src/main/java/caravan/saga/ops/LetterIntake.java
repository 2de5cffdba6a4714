package caravan.saga.ops;

import caravan.common.messaging.Faults;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Takes what lies on the dead-letter topics into the table, and acknowledges it then. Waits for as long as the database is away. */
@Singleton
class LetterIntake {

    private static final Logger LOG = Logger.getLogger(LetterIntake.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final LetterStore store;

    LetterIntake(LetterStore store) {
        this.store = store;
    }

    @Incoming("dead-letters")
    Uni<Void> take(ConsumerRecords<String, byte[]> records) {
        List<Letter> letters = new ArrayList<>();
        records.forEach(record -> letters.add(Letter.of(record)));
        return Uni.createFrom()
                .deferred(() -> store.add(letters))
                .onFailure()
                .invoke(fault -> LOG.warnf("dead letters wait: %s", Faults.describe(fault)))
                .onFailure()
                .retry()
                .withBackOff(FIRST_WAIT, LONGEST_WAIT)
                .indefinitely();
    }
}
