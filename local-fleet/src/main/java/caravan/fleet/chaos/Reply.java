package caravan.fleet.chaos;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.UUID;

/** What an answer to an order means for its customer. */
sealed interface Reply {

    record Accepted(UUID id) implements Reply {}

    /** For good: asking again would change nothing. */
    record Refused(int status) implements Reply {}

    /** Nothing is known: it may be accepted already. The same key is asked again. */
    record Again() implements Reply {}

    Reply AGAIN = new Again();

    int ACCEPTED = 202;

    /** A 401 is a session that ended meanwhile, a 409 a request that is still under way, a 429 somebody who was too quick. */
    Set<Integer> LATER = Set.of(401, 408, 409, 425, 429);

    static Reply of(int status, String body) {
        if (status == ACCEPTED) {
            return accepted(body);
        }
        return status / 100 == 4 && !LATER.contains(status) ? new Refused(status) : AGAIN;
    }

    /** What was cut off in the middle says nothing. */
    private static Reply accepted(String body) {
        try {
            return new Accepted(UUID.fromString(new JsonObject(body).getString("id", "")));
        } catch (DecodeException | IllegalArgumentException _) {
            return AGAIN;
        }
    }
}
