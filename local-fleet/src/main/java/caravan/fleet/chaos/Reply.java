package caravan.fleet.chaos;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an answer to an order means for its customer. */
sealed interface Reply {

    record Accepted(UUID id) implements Reply {}

    /** For good: asking again would change nothing. */
    record Refused(int status) implements Reply {}

    /**
     * Nothing is known: it may be accepted already. The same key is asked again.
     *
     * @param afterSeconds not before, says the gateway
     */
    record Again(int afterSeconds) implements Reply {}

    Reply NO_ANSWER = new Again(0);

    /** A gateway that says more is not believed. */
    int LONGEST_SECONDS = 60;

    int ACCEPTED = 202;

    /** A 401 is a session that ended meanwhile, a 409 a request that is still under way, a 429 somebody who was too quick. */
    Set<Integer> LATER = Set.of(401, 408, 409, 425, 429);

    static Reply of(int status, @Nullable String retryAfter, String body) {
        if (status == ACCEPTED) {
            return accepted(body);
        }
        return status / 100 == 4 && !LATER.contains(status) ? new Refused(status) : new Again(seconds(retryAfter));
    }

    private static int seconds(@Nullable String retryAfter) {
        return retryAfter == null || !retryAfter.matches("\\d{1,4}")
                ? 0
                : Math.min(LONGEST_SECONDS, Integer.parseInt(retryAfter));
    }

    /** What was cut off in the middle says nothing. */
    private static Reply accepted(String body) {
        try {
            return new Accepted(UUID.fromString(new JsonObject(body).getString("id", "")));
        } catch (DecodeException | IllegalArgumentException _) {
            return NO_ANSWER;
        }
    }
}
